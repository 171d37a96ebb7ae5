// Process supervision from end to end: an oracle labels the sentences of film reviews, a process reward model learns the labels, and GRPO learns from its
// verdict on the whole or from each of its steps.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runConfig } from "../../../spec/config";
import { mean } from "../../../spec/statistics";
import { tracedRun } from "../../../test/traced-run";
import { stepsOf } from "../../data/steps";
import { goldReward } from "../../rewards/gold/reviews";

const folder = mkdtempSync(join(tmpdir(), "workbench-process-"));
const stepSeparator = ". ";

/** A sentence is wrong where it takes from the oracle's reward of the review so far. */
function labelled(review: string) {
  const steps = stepsOf(review, stepSeparator);
  const worth = steps.map((_, i) => goldReward(`${steps.slice(0, i + 1).join(stepSeparator)}.`));
  return { completions: steps, labels: worth.map((value, i) => value >= (worth[i - 1] ?? 0)) };
}

interface Pair {
  prompt: object[];
  chosen: { content: string }[];
  rejected: { content: string }[];
}
const pairs = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz"))
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Pair);
function file(name: string, rows: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}

async function trained(name: string, config: object) {
  const output = join(folder, name);
  const { rows } = await tracedRun(runConfig.parse({ ...config, model: { source: "tiny" }, seed: 0, output }));
  return { output, rows };
}

test("a sentence that lowers the oracle's reward is wrong", () => {
  expect(labelled("I saw it on my birthday. The cast is warm. The pace is dull. It is a clever, funny film.")).toEqual({
    completions: ["I saw it on my birthday", "The cast is warm", "The pace is dull", "It is a clever, funny film."],
    labels: [true, true, false, true],
  });
});

test("a process reward model learns the labels, and GRPO learns from its steps as from its verdict", {
  tags: "long",
}, async () => {
  const solutions = pairs.flatMap(({ prompt, chosen, rejected }) =>
    [chosen, rejected].map(([answer]) => ({ prompt, ...labelled(answer!.content) })),
  );
  const judge = await trained("judge", {
    ...{ method: "prm", adapter: null, prm: { stepSeparator }, batchSize: 32, maxSteps: 100, evalEvery: 100 },
    data: { train: file("solutions", solutions), heldOut: 0.02, maxLength: 160 },
    optimizer: { learningRate: 2e-3, schedule: "constant", warmupRatio: 0.1 },
  });
  const always = mean(solutions.flatMap(({ labels }) => labels.map(Number))); // what calling every step right would find
  expect(judge.rows.at(-1)!.eval_step_accuracy).toBeGreaterThan(always + 0.1);

  const prompts = file(
    "prompts",
    pairs.map(({ prompt }) => ({ prompt })),
  );
  // In the first ten steps or so answers only become shorter, and their verdicts fall before they rise.
  for (const supervision of ["outcome", "process"]) {
    const { rows } = await trained(supervision, {
      ...{ method: "grpo", maxSteps: 24, data: { train: prompts, heldOut: 0, maxLength: 160 } },
      grpo: { prompts: 8, numGenerations: 8, maxCompletionLength: 48, reward: { model: judge.output }, supervision },
      optimizer: { learningRate: 1e-3, schedule: "constant" },
    });
    const verdicts = rows.map((row) => row["score/model"]!); // the least of the steps' probabilities under both
    expect(mean(verdicts.slice(-3)), supervision).toBeGreaterThan(mean(verdicts.slice(0, 3)) + 0.1);
  }
});
