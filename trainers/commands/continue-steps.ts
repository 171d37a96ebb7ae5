import { readFileSync } from "node:fs";
import { Command } from "commander";
import { print } from "../../common/command-line";
import type { ContinuedSteps } from "../../spec/reports";

export const continueSteps = new Command("continue-steps")
  .description("go on after the right steps of solutions, one JSON line per batch; `step-pairs` makes a dataset of it")
  .argument("<steps.json>", "model, adapter, how to sample and what counts as right, see docs/methods.md")
  .argument("<solutions.jsonl>", "a line each: id, prompt, solution, wrongStep")
  .action(async (file: string, solutions: string) => {
    const [{ readStepPairsConfig }, { wrongSolution }] = await Promise.all([
      import("../../common/config-file"),
      import("../../spec/reports"),
    ]);
    const config = readStepPairsConfig(file);
    const lines = readFileSync(solutions, "utf8").split("\n").filter(Boolean);
    const wrong = lines.map((line) => wrongSolution.parse(JSON.parse(line)));
    const { stepPairs } = await import("../generate/step-pairs");
    await stepPairs(config, wrong, (pairs, left, done) =>
      print({ pairs, left, done, total: wrong.length } satisfies ContinuedSteps),
    );
  });
