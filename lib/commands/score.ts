import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { once, print, say } from "../../common/command-line";
import type { PairLeft } from "../../spec/reports";

interface Options {
  keyVariable?: string;
  again?: boolean;
}

export const score = new Command("score")
  .description("score a queue's responses with a reward model, for sampling by uncertainty")
  .argument("<queue>", "its name or its number")
  .argument("<model>", "what the reward run was trained on; of a server, the model whose chat template it is shown")
  .argument("<folder>", "the reward run's output folder, or a reward server's address")
  .option("--key-variable <name>", "the environment variable that holds the reward server's key", once)
  .option("--again", "those too that it has scored already")
  .action(async (name: string, model: string, adapter: string, { keyVariable, again = false }: Options) => {
    const [{ isHttp, shownAddress }, { scoredPairs }, { trainersLines }, { summaryOf }, { pairsToScore, putScores }] =
      await Promise.all([
        import("../../spec/http-address"),
        import("../../spec/reports"),
        import("./trainers"),
        import("../annotation/queues/queue-summaries"),
        import("../annotation/items/item-scores"),
      ]);
    const queue = summaryOf(name);
    const scorer = isHttp(adapter) ? shownAddress(adapter) : adapter;
    const pairs = pairsToScore(queue.id, scorer, again);
    if (pairs.length === 0)
      say(`nothing left to score: ${scorer} has scored every pair (--again has it score them anew)`);
    const folder = mkdtempSync(join(tmpdir(), "workbench-score-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, "pairs.json");
    writeFileSync(file, JSON.stringify(pairs));
    let done = 0;
    const without: PairLeft[] = [];
    const options = keyVariable === undefined ? {} : { "key-variable": keyVariable };
    if (pairs.length > 0)
      for await (const line of trainersLines(["score-pairs", model, adapter, file], options)) {
        const { scored, left } = scoredPairs.parse(line);
        putScores(scored, scorer, Date.now());
        done += scored.length;
        without.push(...left);
        say(`${done} of ${pairs.length} pairs${leftWords(without)}`);
      }
    print({ queue: queue.name, scored: done, left: pairs.length - done });
  });

/** The first few, which say enough of the others. */
const leftWords = (left: PairLeft[]): string => {
  if (left.length === 0) return "";
  const shown = left.slice(0, 3).map(({ id, why }) => `record ${id} (${why})`);
  return `; without a score: ${shown.join(", ")}${left.length > 3 ? ` and ${left.length - 3} more` : ""}`;
};
