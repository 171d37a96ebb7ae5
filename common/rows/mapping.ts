// Rows under the names that the readers know, by a mapping that somebody made.
import { createHash } from "node:crypto";
import type { RowMapping } from "../../spec/row-mapping";
import { isRecord } from "../json";
import { columnsFound } from "./formats";

/** A column of these stays where it was when nothing else is given its name. */
export function mapped(record: unknown, mapping: RowMapping): unknown {
  if (!isRecord(record)) return record;
  const { columns } = mapping;
  const wanted = Object.entries(columns).filter(([, role]) => role !== "ignore");
  if (wanted.length > 0 && wanted.every(([name]) => !Object.hasOwn(record, name)))
    throw new Error(`${columnsFound(record)}; the mapping expects ${wanted.map(([name]) => name).join(", ")}`);
  const taken = new Set<string>(wanted.map(([, role]) => role));
  const rest = Object.entries(record).filter(([name]) => !Object.hasOwn(columns, name) && !taken.has(name));
  const named = wanted.flatMap(([name, role]) => (Object.hasOwn(record, name) ? [[role, record[name]] as const] : []));
  const row = Object.fromEntries([...rest, ...named]);
  if (!mapping.turn && !mapping.speakers) return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, conversation(value, mapping)]));
}

function conversation(value: unknown, mapping: RowMapping): unknown {
  if (Array.isArray(value) && value.every(isRecord)) return value.map((turn) => spoken(turn, mapping));
  return isRecord(value) ? spoken(value, mapping) : value;
}

/** In the names of ShareGPT, whose turns may call functions. */
const shareGpt = {
  user: "human",
  assistant: "gpt",
  system: "system",
  tool: "observation",
  function_call: "function_call",
};

function spoken(turn: Record<string, unknown>, { turn: fields, speakers }: RowMapping): unknown {
  const { role, content } =
    fields ?? ("from" in turn ? { role: "from", content: "value" } : { role: "role", content: "content" });
  const { [role]: who, [content]: what, ...rest } = turn;
  if (typeof who !== "string") return turn;
  const speaker = speakers && Object.hasOwn(speakers, who) ? speakers[who] : undefined;
  return { ...rest, from: speaker ? shareGpt[speaker] : who, value: what };
}

/** Files whose rows have the same columns are mapped alike, in whatever order they stand. */
export const signatureOf = (columns: string[]): string =>
  createHash("sha256").update(JSON.stringify(columns.toSorted())).digest("hex").slice(0, 16);
