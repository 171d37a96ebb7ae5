// A row of a file that bears its label, whichever kind it is.

import { isRecord } from "../../../common/json";
import { columnsFound, type ReadRow, readRow } from "../../../common/rows/formats";
import { asPairs } from "../../../common/rows/rows";
import type { LabelKind } from "../../../spec/label-kinds";
import type { Columns } from "../../annotation/queues/import-columns";

export interface LabelledRow {
  kind: LabelKind;
  row: ReadRow;
  /** As it came, so that columns nobody asked for are kept; only those that somebody named have the usual names. */
  record: unknown;
  /** What methods that compare two answers learn from it. */
  pairs: number;
}

const kinds: Partial<Record<ReadRow["kind"], LabelKind>> = {
  preference: "pairs",
  ranking: "rankings",
  unpaired: "unpaired",
  completion: "sft",
  text: "sft",
};

/** Columns that say more of a label, and are kept with it: this product's exports have them, and methods read some that they are told of. */
export const labelColumns = ["margin", "strength", "n_raters", "p_chosen", "rationales", "source"];

/** Throws a sentence where a row has no label, or one that cannot be learnt from. */
export function readLabelled(given: unknown, columns: Columns | null): LabelledRow {
  const record = columns ? renamed(given, columns) : given;
  const row = readRow(record);
  const kind = kinds[row.kind];
  if (!kind) throw new Error(`has no label; ${columnsFound(record)}`);
  return { kind, row, record, pairs: pairsIn(row) };
}

function pairsIn(row: ReadRow): number {
  if (row.kind === "preference") return 1;
  if (row.kind !== "ranking" || new Set(row.ranks).size === 1) return 0; // answers that are all tied make no pair
  return asPairs(row).pairs.length;
}

/** The two named answers are the better one and the worse one. */
function renamed(record: unknown, { prompt, first, second }: Columns): unknown {
  if (!isRecord(record)) return record;
  const lacking = [prompt, first, second].filter((name) => !Object.hasOwn(record, name) || record[name] === null);
  if (lacking.length > 0)
    throw new Error(`${columnsFound(record)}; ${lacking.join(" and ")} ${lacking.length === 1 ? "is" : "are"} empty`);
  const { [prompt]: asked, [first]: chosen, [second]: rejected, ...rest } = record;
  return { ...rest, prompt: asked, chosen, rejected };
}
