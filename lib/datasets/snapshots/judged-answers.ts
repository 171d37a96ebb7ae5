// Answers that people judged by themselves, in TRL's columns of unpaired preferences: what KTO learns from.
import { reliabilityOf } from "../../annotation/agreement/queue-agreement";
import { type Decided, decidedItems, votesOf } from "../../annotation/judging/standing-votes";
import { type Beside, besideVotes, ratingsOf } from "./criteria";
import type { ExportFilter } from "./export-filter";
import type { UnpairedRow } from "./export-formats";

export interface JudgedRow extends UnpairedRow {
  /** People; 0 where the label came with the file and nobody here has judged the answer. */
  n_raters: number;
  /** Probability that the label is right, by the annotators' reliability. */
  p_label: number;
  labelled_by?: "import";
}

function judgedRow({ item, balance, raters, votes, ruled }: Decided, good: number, beside: Beside): JudgedRow {
  const label = balance > 0;
  return {
    prompt: item.prompt,
    completion: [{ role: "assistant", content: item.first }],
    label,
    n_raters: raters,
    p_label: ruled ? 1 : Number((label ? good : 1 - good).toFixed(4)),
    ...besideVotes(votes, beside),
    ...ratingsOf(votes, beside, { completion: 0 }),
    ...(raters === 0 && !ruled && { labelled_by: "import" as const }),
  };
}

/** Those on which the votes, a reviewer or the file decide; as many good votes as bad ones decide nothing. */
export function* eachDecided(
  queueId: number,
  { raters = 0, probability = 0 }: ExportFilter,
  beside: Beside,
  wanted: (one: Decided) => boolean,
): Generator<{ decided: Decided; row: JudgedRow }> {
  const { first: good } = reliabilityOf(votesOf(queueId));
  for (const decided of decidedItems(queueId)) {
    if (!wanted(decided)) continue;
    const row = judgedRow(decided, good.get(decided.item.id) ?? (decided.balance > 0 ? 1 : 0), beside);
    if (row.n_raters >= raters && row.p_label >= probability) yield { decided, row };
  }
}

export function* eachJudged(...asked: Parameters<typeof eachDecided>): Generator<JudgedRow> {
  for (const { row } of eachDecided(...asked)) yield row;
}
