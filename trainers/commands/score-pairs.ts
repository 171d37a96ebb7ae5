import { readFileSync } from "node:fs";
import { Command } from "commander";
import { print } from "../../common/command-line";
import type { PairToScore, ScoredPairs } from "../../spec/reports";

export const scorePairs = new Command("score-pairs")
  .description("score the responses in a file with a reward model, one JSON line per batch; `score` does it to a queue")
  .argument("<model>", "what the reward run was trained on; of a server, the model whose chat template it is shown")
  .argument("<folder>", "the reward run's output folder, or a reward server's address")
  .argument("<pairs.json>", "a list of {id, prompt, first, second}")
  .action(async (model: string, folder: string, file: string) => {
    const { scorePairs } = await import("../rewards/score-pairs");
    const pairs = JSON.parse(readFileSync(file, "utf8")) as PairToScore[];
    await scorePairs(model, folder, pairs, (scored, done) => print({ scored, done } satisfies ScoredPairs));
  });
