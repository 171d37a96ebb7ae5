import { readFileSync } from "node:fs";
import { Command } from "commander";
import { once, print } from "../../common/command-line";
import { keyIn } from "../../common/env";
import type { PairToScore, ScoredPairs } from "../../spec/reports";

export const scorePairs = new Command("score-pairs")
  .description("score the responses in a file with a reward model, one JSON line per batch; `score` does it to a queue")
  .argument("<model>", "what the reward run was trained on; of a server, the model whose chat template it is shown")
  .argument("<folder>", "the reward run's output folder, or a reward server's address")
  .argument("<pairs.json>", "a list of {id, prompt, first, second}")
  .option("--key-variable <name>", "the environment variable that holds the reward server's key", once)
  .action(async (model: string, folder: string, file: string, { keyVariable }: { keyVariable?: string }) => {
    const { scorePairs } = await import("../rewards/score-pairs");
    const pairs = JSON.parse(readFileSync(file, "utf8")) as PairToScore[];
    const key = keyVariable === undefined ? null : keyIn(keyVariable);
    await scorePairs(model, folder, pairs, (scored, left) => print({ scored, left } satisfies ScoredPairs), key);
  });
