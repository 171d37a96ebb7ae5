// GRPO by both engines on the same completions: what one has sampled, the other is given.
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { python } from "./prepare";
import { type Curves, curvesOf, prepared, start } from "./trl-runs";

const peers = resolve("tools/bench/peers");
/** Two passes over each update's completions: the first alone would measure nothing of the policy but its KL. */
const run = {
  ...{ maxSteps: 48, sampleEvery: null, evalEvery: null },
  grpo: {
    ...{ prompts: 4, numGenerations: 4, numIterations: 2, maxCompletionLength: 64, beta: 0.1 },
    reward: { function: { file: join(peers, "recorded-reward.py") } },
  },
};
const names = ["loss", "grad_norm", "objective/scores", "reward_std", "score/function", "completions/mean_length"];
/** TRL takes the mean of each forward pass, and then over the passes: these are alike where it needs one. */
export const ofOnePass = ["policy/entropy_avg", "policy/clipfrac_avg"];

/** A run that samples for itself. */
export const sampled = {
  ...{ maxSteps: 48, sampleEvery: null, evalEvery: null },
  grpo: {
    ...{ prompts: 2, numGenerations: 4, numIterations: 2, maxCompletionLength: 16, beta: 0.1 },
    reward: { rules: { length: { max: 5 }, repetition: {} } },
  },
};

/** Of the workbench's own engine, and of TRL. */
export async function onTheSameCompletions(more: object, also: string[] = []): Promise<[Curves, Curves]> {
  const options = { ...run, grpo: { ...run.grpo, ...more } };
  const [own, trl] = [prepared("grpo", "workbench", options), prepared("grpo", "trl", options)];
  await once(start(own, 1, "workbench"), "close");
  const given = join(trl, "python");
  writeFileSync(given, `#!/bin/sh\nexec ${python} ${join(peers, "given-completions.py")} "$@"\n`, { mode: 0o755 });
  const env = { WORKBENCH_TRL_PYTHON: given, GIVEN: join(own, "completions.ndjson") };
  await once(start(trl, 1, "trl", env), "close");
  return [curvesOf(own, [...names, ...also]), curvesOf(trl, [...names, ...also])];
}
