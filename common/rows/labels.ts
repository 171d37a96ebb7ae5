// Columns that say of one answer whether it is good: KTO's, LLaMA-Factory's, BeaverTails', OpenMathInstruct's.
import { isRecord } from "../json";
import type { Columns } from "./layout";

export const labelColumns = ["label", "kto_tag", "is_safe", "is_correct"];

/** Nothing where there is none, as in Infinity-Instruct, where an object under this name lists abilities. */
export function labelled(row: Columns): { label?: unknown } {
  const column = labelColumns.find((name) => row[name] !== undefined && !isRecord(row[name]));
  return column === undefined ? {} : { label: row[column] };
}
