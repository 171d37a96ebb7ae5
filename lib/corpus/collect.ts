// All outcomes in their order: what repeats an earlier document goes too, and the rest becomes shards. Memory holds hashes alone.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../common/whole-file";
import type { CorpusFolder } from "./corpus-folder";
import { type CorpusConfig, type CorpusReport, type Drop, type DroppedRow, steps } from "./corpus-schema";
import type { Outcome } from "./outcome";
import { qualityRule, type Scores } from "./quality";
import { repeatsOf } from "./repeats";
import { shards } from "./shards";
import { corpusTally } from "./tally";

interface Collected {
  parts: number;
  files: number;
  /** Of the reward model; none where it was not asked. */
  scores: Scores;
}

export function collect(folder: CorpusFolder, config: CorpusConfig, { parts, files, scores }: Collected): CorpusReport {
  rmSync(folder.draft, { recursive: true, force: true });
  const [repeats, quality, tally] = [repeatsOf(config), qualityRule(config, scores), corpusTally(files)];
  const texts = shards(join(folder.draft, "texts"), config.gzip);
  const dropped = new Map(steps.map((step) => [step, shards(join(folder.draft, "dropped", step), config.gzip)]));
  for (let number = 0; number < parts; number++)
    for (const outcome of folder.read(number)) {
      const other = repeats(outcome);
      const { drop, spared } = quality(outcome, other);
      const score = other.drop === null ? (scores.get(outcome.id)?.score ?? null) : null;
      tally.add(outcome, { drop, spared, score });
      if (drop) dropped.get(drop.step)!.add(droppedOf(outcome, drop));
      else texts.add(keptOf(outcome, score));
    }
  for (const one of [texts, ...dropped.values()]) one.flush();
  const report = tally.report();
  publish(folder, report);
  return report;
}

/** The report comes last: with it all is there. */
function publish(folder: CorpusFolder, report: CorpusReport): void {
  rmSync(folder.report, { force: true });
  for (const name of ["texts", "dropped"] as const) {
    rmSync(folder[name], { recursive: true, force: true });
    mkdirSync(join(folder.draft, name), { recursive: true });
    renameSync(join(folder.draft, name), folder[name]);
  }
  writeWhole(folder.report, `${JSON.stringify(report, null, 2)}\n`);
}

const keptOf = ({ id, url, language, text }: Outcome, score: number | null) => ({
  ...{ text, id, ...(url !== null && { url }), language },
  ...(score !== null && { score }),
});
const droppedOf = ({ id, url, text }: Outcome, { rule, detail }: Drop): DroppedRow => ({ id, url, rule, detail, text });
