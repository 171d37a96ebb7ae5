// All outcomes in their order: what repeats an earlier document goes too, and the rest becomes shards. Memory holds hashes alone.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { earlierSigned } from "../../common/min-hash";
import { writeWhole } from "../../common/whole-file";
import type { CorpusFolder } from "./corpus-folder";
import { type CorpusConfig, type CorpusReport, type Drop, type DroppedRow, type Step, steps } from "./corpus-schema";
import type { Outcome } from "./outcome";
import { shards } from "./shards";
import { corpusTally } from "./tally";

export function collect(folder: CorpusFolder, parts: number, config: CorpusConfig, files: number): CorpusReport {
  rmSync(folder.draft, { recursive: true, force: true });
  const [repeats, tally] = [repeatsOf(config), corpusTally(files)];
  const texts = shards(join(folder.draft, "texts"), config.gzip);
  const dropped = new Map(steps.map((step) => [step, shards(join(folder.draft, "dropped", step), config.gzip)]));
  for (let number = 0; number < parts; number++)
    for (const outcome of folder.read(number)) {
      const { drop, spared } = repeats(outcome);
      tally.add(outcome, drop, spared);
      if (drop) dropped.get(drop.step)!.add(droppedOf(outcome, drop));
      else texts.add(keptOf(outcome));
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

const keptOf = ({ id, url, language, text }: Outcome) => ({ text, id, ...(url !== null && { url }), language });
const droppedOf = ({ id, url, text }: Outcome, { rule, detail }: Drop): DroppedRow => ({ id, url, rule, detail, text });

/** Whether a document repeats one that was kept before it, unless it is one that no rule drops. */
function repeatsOf({ duplicates, keep }: CorpusConfig) {
  const [spare, exact, firsts] = [new Set(keep), new Map<string, string>(), [] as string[]];
  const like = earlierSigned();
  const repeated = ({ id, hash, signature, words }: Outcome): Drop | null => {
    const same = duplicates.exact ? exact.get(hash!) : undefined;
    if (same !== undefined) return found("exact", same);
    if (duplicates.exact) exact.set(hash!, id);
    if (!duplicates.near || words === 0) return null;
    const bytes = Buffer.from(signature!, "base64");
    const alike = like(new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
    firsts.push(id);
    return alike === null ? null : found("near", firsts[alike]!);
  };
  return (outcome: Outcome): { drop: Drop | null; spared: Drop[] } => {
    const { id, drop, spared } = outcome;
    if (drop) return { drop, spared };
    const repeat = repeated(outcome);
    return repeat && spare.has(id) ? { drop: null, spared: [...spared, repeat] } : { drop: repeat, spared };
  };
}

const found = (step: Step, earlier: string): Drop => ({
  step,
  rule: step === "exact" ? "the same as" : "80 % in common with",
  detail: earlier,
});
