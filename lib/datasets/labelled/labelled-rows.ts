// A row of a file that needs no judgement, whichever kind it is.

import { isRecord } from "../../../common/json";
import { besideColumns } from "../../../common/records/formula";
import { columnsFound, type ReadRow, readRow } from "../../../common/rows/formats";
import { kindOfRow } from "../../../common/rows/recognise";
import { asPairs, isRight } from "../../../common/rows/rows";
import { kindWords, type LabelKind, together } from "../../../spec/label-kinds";
import type { Columns } from "../../annotation/queues/import-columns";

export interface LabelledRow {
  kind: LabelKind;
  row: ReadRow;
  /** As it came, so that columns nobody asked for are kept; only those that somebody named have the usual names. */
  record: unknown;
  /** What methods that compare two answers learn from it. */
  pairs: number;
  /** Whether SFT learns from it, where it learns from rows of this kind. */
  imitated: boolean;
}

/** Columns that say more of a label, and are kept with it: this product's exports have them, and methods read some that they are told of. */
const labelColumns = ["margin", "strength", "n_raters", "p_chosen", "p_label", "rationales", "source", "labelled_by"];
export const labelColumnsOf = ({ columns }: ReadRow): string[] => [
  ...labelColumns,
  ...besideColumns(Object.keys(columns)),
];

/** Throws a sentence where answers wait for a judgement, or hold a label that cannot be learnt from. */
export function readLabelled(given: unknown, columns: Columns | null): LabelledRow {
  const record = columns ? renamed(given, columns) : given;
  const row = readRow(record);
  const kind = kindOfRow(row);
  if (kind === "answers") throw noLabel(record);
  return { kind, row, record, pairs: pairsIn(row), imitated: row.kind !== "stepwise" || isRight(row) };
}

/** What most rows are, with what else is read together with them; prompts only where there is nothing else. */
export function kindOfMost(kinds: LabelKind[]): LabelKind | null {
  const answered = kinds.filter((kind) => kind !== "prompts");
  const all = answered.length > 0 ? answered : kinds;
  const count = (kind: LabelKind) => all.filter((one) => one === kind).length;
  const [most, ...others] = [...new Set(all)].sort((a, b) => count(b) - count(a));
  return most === undefined ? null : others.reduce((both, kind) => together(both, kind) ?? both, most);
}

const noLabel = (record: unknown): Error => new Error(`has no label; ${columnsFound(record)}`);

/** Why a row cannot be in one dataset with rows of the kind `most`; null where it can. */
export function unlike({ kind, record }: LabelledRow, most: LabelKind): Error | null {
  if (together(most, kind) !== null) return null;
  if (kind === "prompts") return noLabel(record);
  return new Error(
    `is of another type (${kindWords[kind]}) than the others (${kindWords[most]}); import them separately`,
  );
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
