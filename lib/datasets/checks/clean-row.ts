// What remains of rows once they are checked: those that nothing is wrong with, and what is private in them masked.
import { isRecord } from "../../../common/json";
import { masked } from "../../../common/text-checks/private-data";
import type { CheckedRow } from "./check-rows";

/** Its columns; null where it is to be left out. */
export const cleanRow = ({ row, findings }: CheckedRow): unknown =>
  row === null || findings.some(({ check }) => check !== "private") ? null : throughout(row.columns);

function throughout(value: unknown): unknown {
  if (typeof value === "string") return masked(value);
  if (Array.isArray(value)) return value.map(throughout);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, throughout(one)]));
}
