// Ranked pairs, or answers that are good or bad, as a Parquet file, with conversations as lists of role and content: what `datasets` and TRL read without being told.
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { besideColumns } from "../../../common/records/formula";
import type { RankedRow, UnpairedRow } from "./export-formats";

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
type Plain = "DOUBLE" | "INT32" | "BOOLEAN";
const always = (name: string, type: Plain): SchemaElement => {
  return { name, type, repetition_type: "REQUIRED" };
};
const maybe = (name: string, type: Plain): SchemaElement => {
  return { name, type, repetition_type: "OPTIONAL" };
};

const paired = {
  prompt: messages("prompt"),
  chosen: messages("chosen"),
  rejected: messages("rejected"),
  strength: [always("strength", "DOUBLE")],
  n_raters: [always("n_raters", "INT32")],
  p_chosen: [always("p_chosen", "DOUBLE")],
  rationales: list("rationales", [text("element")]),
};

const single = {
  prompt: messages("prompt"),
  completion: messages("completion"),
  label: [always("label", "BOOLEAN")],
  n_raters: [maybe("n_raters", "INT32")], // an annotator's own answer has none
  p_label: [maybe("p_label", "DOUBLE")],
  rationales: list("rationales", [text("element")]),
};

/** Of a list, or of ratings of which some may be missing. */
const beside = (name: string): SchemaElement[] =>
  name === "reason_tags" ? list(name, [text("element")]) : [maybe(name, "DOUBLE")];

export const parquet = (rows: RankedRow[]) => written(rows, paired);
export const unpairedParquet = (rows: UnpairedRow[]) => written(rows, single);

function written(rows: object[], columns: Record<string, SchemaElement[]>): Uint8Array<ArrayBuffer> {
  const others = besideColumns(Object.keys(rows[0] ?? {}));
  const names = [...Object.keys(columns), ...others];
  const columnData = names.map((name) => ({
    name,
    data: rows.map((row) => (row as Record<string, unknown>)[name] ?? null),
  }));
  const elements = [...Object.values(columns).flat(), ...others.flatMap(beside)];
  const schema: SchemaElement[] = [{ name: "root", num_children: names.length }, ...elements];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}
