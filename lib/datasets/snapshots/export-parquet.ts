// Ranked pairs as a Parquet file, with conversations as lists of role and content: what `datasets` and TRL read without being told.
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { besideColumns } from "../../../common/records/formula";
import type { RankedRow } from "./export-formats";

const text = (name: string): SchemaElement => {
  return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" };
};
const list = (name: string, element: SchemaElement[]): SchemaElement[] => [
  { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ...element,
];
const messages = (name: string) =>
  list(name, [{ name: "element", repetition_type: "OPTIONAL", num_children: 2 }, text("role"), text("content")]);
const number = (name: string, type: "DOUBLE" | "INT32"): SchemaElement => {
  return { name, type, repetition_type: "REQUIRED" };
};

const columns = {
  prompt: messages("prompt"),
  chosen: messages("chosen"),
  rejected: messages("rejected"),
  strength: [number("strength", "DOUBLE")],
  n_raters: [number("n_raters", "INT32")],
  p_chosen: [number("p_chosen", "DOUBLE")],
  rationales: list("rationales", [text("element")]),
};

/** Of a list, or of ratings of which some may be missing. */
const beside = (name: string): SchemaElement[] =>
  name === "reason_tags" ? list(name, [text("element")]) : [{ name, type: "DOUBLE", repetition_type: "OPTIONAL" }];

export function parquet(rows: RankedRow[]): Uint8Array<ArrayBuffer> {
  const others = besideColumns(Object.keys(rows[0] ?? {}));
  const names = [...(Object.keys(columns) as (keyof typeof columns)[]), ...others];
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name] ?? null) }));
  const elements = [...Object.values(columns).flat(), ...others.flatMap(beside)];
  const schema: SchemaElement[] = [{ name: "root", num_children: names.length }, ...elements];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}
