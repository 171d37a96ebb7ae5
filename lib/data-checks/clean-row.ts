// What remains of rows once they are checked: those that nothing is wrong with, and what is private in them masked.
import { isRecord } from "../../common/json";
import { type ReadRow, readRow } from "../../common/rows/formats";
import { everyTextOf } from "../../common/rows/row-texts";
import { masked, privateTexts } from "../../common/text-checks/private-data";
import type { CheckedRow } from "./check-rows";

/**
 * The record as it came, without what is private in its texts: that is masked wherever it stands, and an identifier that only looks like a
 * card number is left alone. Null where the record is to be left out, also where masking makes it unreadable, as where two answers become one.
 */
export function cleanRow({ row, record, findings }: CheckedRow): unknown {
  if (row === null || findings.some(({ check }) => check !== "private")) return null;
  if (findings.length === 0) return record;
  const cleaned = without(record, privateParts(row));
  try {
    return privateParts(readRow(cleaned)).length === 0 ? cleaned : null;
  } catch {
    return null;
  }
}

interface Part {
  text: string;
  mask: string;
}

/** As they stand in a text, and in JSON that is kept within a text; the longest first. */
const privateParts = (row: ReadRow): Part[] =>
  everyTextOf(row)
    .flatMap(privateTexts)
    .flatMap(({ kind, text }) =>
      [text, JSON.stringify(text).slice(1, -1)].map((one) => ({ text: one, mask: `[${kind}]` })),
    )
    .sort((a, b) => b.text.length - a.text.length);

function without(value: unknown, parts: Part[]): unknown {
  if (typeof value === "string") return parts.some(({ text }) => value.includes(text)) ? cut(value, parts) : value;
  if (Array.isArray(value)) return value.map((one) => without(one, parts));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, without(one, parts)]));
}

const cut = (value: string, parts: Part[]): string =>
  parts.reduce((left, { text, mask }) => left.replaceAll(text, () => mask), masked(value));
