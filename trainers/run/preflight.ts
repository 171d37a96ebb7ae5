// The data of a run before it starts: sizes, duplicates, contradictions, length bias, leakage, and rows as the model will see them.
// Everything is read off token ids, so it is what training sees and not what the file looks like.

import { nearDuplicates } from "../../common/min-hash";
import type { Preflight } from "../../spec/reports";
import { wilson } from "../../spec/statistics";
import { answerIds, promptIds, type Tokens } from "../data/tokenize";

/** `groups` are the rows as the sequences that share a prompt, chosen first where they are pairs. */
export function preflight(train: Tokens[][], heldOut: Tokens[][], maxLength: number): Preflight {
  const keyed = [...train, ...heldOut].map(keysOf);
  const lengths = keyed.flatMap(({ group }) => group.map(({ input_ids }) => input_ids.length));
  const seen = new Set<string>();
  const fresh = keyed.filter(({ prompt, answers }) => {
    const key = [prompt, ...answers].join("|");
    return !seen.has(key) && seen.add(key);
  });
  const pairs = keyed.filter(({ answers }) => answers.length === 2);
  const promptsTrained = new Set(keyed.slice(0, train.length).map(({ prompt }) => prompt));
  const report = {
    rows: { train: train.length, heldOut: heldOut.length },
    tokens: percentiles(lengths),
    atLimit: lengths.filter((length) => length >= maxLength).length,
    duplicates: {
      exact: keyed.length - fresh.length,
      near: nearDuplicates(fresh.map(({ group }) => group.flatMap(answerIds))),
    },
    contradictions: contradictions(keyed),
    identical: pairs.filter(({ answers: [chosen, rejected] }) => chosen === rejected).length,
    chosenLonger: longer(
      pairs.map(({ group: [chosen, rejected] }) => answerIds(chosen!).length - answerIds(rejected!).length),
    ),
    leaking: keyed.slice(train.length).filter(({ prompt }) => promptsTrained.has(prompt)).length,
  };
  return { ...report, warnings: warningsOf(report, keyed.length) };
}

/** A row with its ids as texts, by which rows are told apart: each is made once. */
interface Keyed {
  group: Tokens[];
  prompt: string;
  answers: string[];
}

const keysOf = (group: Tokens[]): Keyed => ({
  group,
  prompt: promptIds(group[0]!).join(),
  answers: group.map((row) => answerIds(row).join()),
});

function percentiles(lengths: number[]): Preflight["tokens"] {
  const sorted = lengths.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), longest: sorted.at(-1) ?? 0 };
}

function contradictions(rows: Keyed[]): number {
  const known = new Set(rows.map(({ prompt, answers }) => [prompt, ...answers].join("|")));
  return rows.filter(({ prompt, answers: [chosen, rejected] }) => {
    return rejected !== undefined && chosen !== rejected && known.has([prompt, rejected, chosen].join("|"));
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
