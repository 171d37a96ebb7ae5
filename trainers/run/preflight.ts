// The data of a run before it starts: sizes, duplicates, contradictions, length bias, leakage, and rows as the model will see them.
// Everything is read off token ids, so it is what training sees and not what the file looks like.

import { nearDuplicates } from "../../common/min-hash";
import type { Preflight } from "../../spec/reports";
import { wilson } from "../../spec/statistics";
import { answerIds, promptIds, type Tokens } from "../data/tokenize";

/** `groups` are the rows as the sequences that share a prompt, chosen first where they are pairs. */
export function preflight(train: Tokens[][], heldOut: Tokens[][], maxLength: number): Preflight {
  const groups = [...train, ...heldOut];
  const lengths = groups.flat().map(({ input_ids }) => input_ids.length);
  const seen = new Set<string>();
  const fresh = groups.filter((group) => {
    const key = group.map(({ input_ids }) => input_ids.join()).join("|");
    return !seen.has(key) && seen.add(key);
  });
  const pairs = groups.filter((group) => group.length === 2).map((group) => group.map(answerIds));
  const promptsTrained = new Set(train.map((group) => promptIds(group[0]!).join()));
  const report = {
    rows: { train: train.length, heldOut: heldOut.length },
    tokens: percentiles(lengths),
    atLimit: lengths.filter((length) => length >= maxLength).length,
    duplicates: {
      exact: groups.length - fresh.length,
      near: nearDuplicates(fresh.map((group) => group.flatMap(answerIds))),
    },
    contradictions: contradictions(groups),
    identical: pairs.filter(([chosen, rejected]) => chosen!.join() === rejected!.join()).length,
    chosenLonger: longer(pairs.map(([chosen, rejected]) => chosen!.length - rejected!.length)),
    leaking: heldOut.filter((group) => promptsTrained.has(promptIds(group[0]!).join())).length,
  };
  return { ...report, warnings: warningsOf(report, groups.length) };
}

function percentiles(lengths: number[]): Preflight["tokens"] {
  const sorted = lengths.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), longest: sorted.at(-1) ?? 0 };
}

function contradictions(groups: Tokens[][]): number {
  const key = (group: Tokens[]) =>
    [promptIds(group[0]!).join(), ...group.map((row) => answerIds(row).join())].join("|");
  const known = new Set(groups.map(key));
  return groups.filter((group) => {
    const [chosen, rejected] = group;
    return rejected && answerIds(chosen!).join() !== answerIds(rejected).join() && known.has(key([rejected, chosen!]));
  }).length;
}

function longer(differences: number[]): Preflight["chosenLonger"] {
  const decided = differences.filter((difference) => difference !== 0);
  if (decided.length === 0) return null;
  const share = decided.filter((difference) => difference > 0).length / decided.length;
  return { share, interval: wilson(share, decided.length), pairs: decided.length };
}

const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;

function warningsOf(report: Omit<Preflight, "warnings">, total: number): string[] {
  const { atLimit, duplicates, contradictions, identical, chosenLonger, leaking, rows } = report;
  return [
    atLimit > 0 && `${atLimit} sequences reach the max length and may be truncated`,
    duplicates.exact > 0 && `${duplicates.exact} of ${total} rows repeat an earlier one`,
    duplicates.near > total / 20 && `${duplicates.near} of ${total} rows nearly repeat an earlier one`,
    contradictions > 0 &&
      `${contradictions} pairs are contradicted by another row: robust, cdpo or ipo trust labels less`,
    identical > 0 && `${identical} pairs consist of the same answer twice, from which nothing is learnt`,
    chosenLonger !== null &&
      (chosenLonger.interval[0] > 0.6 || chosenLonger.interval[1] < 0.4) &&
      `the chosen answer is the longer one in ${percent(chosenLonger.share)} of pairs: length may be what is learnt (SimPO resists; see docs/behaviour.md)`,
    leaking > 0 && `${leaking} of ${rows.heldOut} held-out rows have a prompt that is trained on`,
  ].filter((warning) => warning !== false);
}

/** One line for a run's log. */
export function summary({ tokens, duplicates, chosenLonger }: Preflight): string {
  const skew = chosenLonger ? `; chosen longer in ${percent(chosenLonger.share)}` : "";
  return `rows of ${tokens.median} tokens (median), ${tokens.p95} (95 %), ${tokens.longest} (longest); ${duplicates.exact} duplicates, ${duplicates.near} near-duplicates${skew}`;
}
