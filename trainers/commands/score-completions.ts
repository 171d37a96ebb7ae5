import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { print } from "../../common/command-line";

export const scoreCompletions = new Command("score-completions")
  .description(
    "the reward of a run of GRPO, for a program that samples by itself: a JSON line with completions in, one with scores out",
  )
  .argument("<run.json>", "the run file, see docs/run-file.md")
  .action(async (file: string) => {
    const { readRunConfig } = await import("../../common/config-file");
    const { explain } = await import("../../common/explain");
    const { FieldError } = await import("../../spec/field-error");
    const { completionScorer } = await import("../rewards/score-completions");
    const config = readRunConfig(file);
    if (config.method !== "grpo")
      throw new FieldError("method", `the reward of grpo is asked for, not of ${config.method}`);
    const score = await completionScorer(config, dirname(resolve(file)));
    for await (const line of createInterface({ input: process.stdin })) {
      try {
        print(score(JSON.parse(line)));
      } catch (error) {
        print({ error: explain(error) }); // whoever asked tells it as its own
      }
    }
  });
