// What the report counts. Samples are those whose ids have the least hashes: the same ones however often the work was interrupted.
import { createHash } from "node:crypto";
import { privateData } from "../../common/text-checks/private-data";
import { type Amount, type CorpusReport, type Drop, steps } from "./corpus-schema";
import type { Outcome } from "./outcome";
import type { Judged } from "./repeats";

const samplesOfEach = 3;
const sampleCharacters = 400;

type Sample = CorpusReport["samples"][number];

export function corpusTally(files: number) {
  const none = (): Amount => ({ documents: 0, characters: 0, words: 0 });
  const step = () => ({ dropped: none(), rules: {} as Record<string, number>, samples: leastSamples(), restored: 0 });
  const bySteps = new Map(steps.map((name) => [name, step()]));
  const [found, kept, samples] = [none(), none(), leastSamples()];
  const masked = { documents: 0, kinds: {} as Record<string, number> };
  const languages: Record<string, number> = {};
  const scores: number[] = [];
  return {
    add(outcome: Outcome, { drop, spared, score }: Judged & { score: number | null }): void {
      if (score !== null) scores.push(score);
      const of = drop && bySteps.get(drop.step)!;
      count(found, outcome);
      count(of ? of.dropped : kept, outcome);
      for (const one of spared) bySteps.get(one.step)!.restored++;
      (of ? of.samples : samples).add(outcome, drop);
      if (of) of.rules[drop!.rule] = (of.rules[drop!.rule] ?? 0) + 1;
      else {
        addCount(languages, outcome.language ?? "unknown", 1);
        if (Object.keys(outcome.masked).length > 0) masked.documents++;
        for (const [kind, times] of Object.entries(outcome.masked)) addCount(masked.kinds, kind, times);
      }
    },
    report: (): CorpusReport => ({
      found,
      steps: [...bySteps].map(([name, one]) => ({
        step: name,
        ...one,
        rules: sorted(one.rules),
        samples: one.samples.all(),
      })),
      masked: { documents: masked.documents, kinds: sorted(masked.kinds) },
      languages: sorted(languages),
      scores: scores.length === 0 ? null : { documents: scores.length, tenths: tenthsOf(scores) },
      kept,
      samples: samples.all(),
      files,
    }),
  };
}

/** Each is the score of a document. */
function tenthsOf(scores: number[]): number[] {
  const sorted = scores.toSorted((a, b) => a - b);
  return Array.from({ length: 11 }, (_, i) => sorted[Math.round((i / 10) * (sorted.length - 1))]!);
}

const addCount = (to: Record<string, number>, name: string, times: number) => {
  to[name] = (to[name] ?? 0) + times;
};
const sorted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));

function count(to: Amount, { text, words }: Outcome): void {
  to.documents++;
  to.characters += text?.length ?? 0;
  to.words += words;
}

function leastSamples() {
  let least: { key: string; sample: Sample }[] = [];
  return {
    add({ id, text }: Outcome, drop: Drop | null): void {
      const key = createHash("sha1").update(id).digest("hex");
      if (least.length === samplesOfEach && key > least.at(-1)!.key) return;
      const sample = { id, rule: drop?.rule ?? "", detail: drop?.detail ?? "", text: beginningOf(text ?? "") };
      least = [...least, { key, sample }].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, samplesOfEach);
    },
    all: () => least.map(({ sample }) => sample),
  };
}

/** What was dropped has not been masked: a sample with private data says so instead of showing it. */
function beginningOf(text: string): string {
  const begin = text.slice(0, sampleCharacters).toWellFormed();
  return privateData(begin).length === 0 ? begin : "(holds private data)";
}
