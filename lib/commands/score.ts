import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { print, say } from "../../common/command-line";

export const score = new Command("score")
  .description("score a queue's responses with a reward model, for sampling by uncertainty")
  .argument("<queue>", "its name or its number")
  .argument("<model>", "what the reward run was trained on; of a server, the model whose chat template it is shown")
  .argument("<folder>", "the reward run's output folder, or a reward server's address")
  .action(async (name: string, model: string, adapter: string) => {
    const [{ scoredPairs }, { trainersLines }, { summaryOf }, { pairsToScore, putScores }] = await Promise.all([
      import("../../spec/reports"),
      import("./trainers"),
      import("../annotation/queues/queue-summaries"),
      import("../annotation/items/item-scores"),
    ]);
    const queue = summaryOf(name);
    const pairs = pairsToScore(queue.id);
    const folder = mkdtempSync(join(tmpdir(), "workbench-score-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "pairs.json");
    writeFileSync(file, JSON.stringify(pairs));
    let done = 0;
    for await (const line of trainersLines(["score-pairs", model, adapter, file])) {
      const { scored, done: soFar } = scoredPairs.parse(line);
      done = soFar;
      putScores(scored, adapter, Date.now());
      say(`${done} of ${pairs.length} pairs`);
    }
    print({ queue: queue.name, scored: done, left: pairs.length - done });
  });
