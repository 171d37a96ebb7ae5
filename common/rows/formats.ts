// What a row of a file is, whatever program laid it out: one of TRL's dataset types, a ranking, or answers that nobody has ranked yet.
// Training, import and its preview all read rows here, so they agree on what a file holds.
import type { TemplateOptions } from "../../spec/chat";
import { isRecord } from "../json";
import type { Layout } from "./layout";
import { layoutOf } from "./layouts";
import { kindOf } from "./messages";
import type { Columns } from "./questions";
import { type Content, content } from "./row-content";
import { fromJson, templateOptions, toolsIn } from "./template-options";

interface Facts {
  /** Whose layout it is, for people. */
  layout: string;
  /** All columns as they came, without those that are null. */
  columns: Columns;
  /** Those that nothing reads. */
  unused: string[];
  /** What else should be known of how the row is read, each a phrase that several rows may share. */
  remarks: string[];
  /** What the chat template is given beside the messages. */
  template?: TemplateOptions;
  /** What the row holds beside text, such as images: shown where it stands, and nothing that a model here can read. */
  media?: string[];
}

export type ReadRow = Facts & Content;

/** Columns that can hold nothing but lists, also where a file has them as JSON text. */
const lists = ["messages", "conversations", "completions", "ranks", "scores"];

/** Columns of files that belong to the row. */
const mediaColumns = ["images", "image", "videos", "video", "audios", "audio"];

/** Columns that go with every layout. */
const systemColumns = ["system", "system_prompt"];
const alwaysRead = new Set(["tools", "functions", "chat_template_kwargs", ...systemColumns, ...mediaColumns]);

/** Throws a sentence where a row is none, or holds what cannot be learnt from. */
export function readRow(record: unknown): ReadRow {
  if (!isRecord(record)) throw new Error(`is ${kindOfRow(record)}; an object with named columns is expected`);
  const given = Object.entries(record).filter(([, value]) => value !== null && value !== undefined);
  const row = Object.fromEntries(
    given.map(([name, value]) => [name, lists.includes(name) ? fromJson(value, name) : value]),
  );
  const found = understood(row);
  if (!found) throw new Error(`${columnsFound(record)}; ${rowsWithin(record) ?? expectedColumns}`);
  const { layout, named } = found;
  const isRead = (name: string) => alwaysRead.has(name) || layout.uses.includes(name);
  const unused = Object.keys(row).filter((name) => !isRead(name in named ? name : name.toLowerCase()));
  const facts: Facts = {
    layout: layout.name,
    columns: row,
    unused,
    remarks: [...asText(layout.row), ...(layout.remark ? [layout.remark] : [])],
  };
  const template = templateOptions(layout.row.tools ?? toolsIn(named), named.chat_template_kwargs);
  const read = content(layout, named, facts.remarks);
  const media = mediaIn(named, read);
  return { ...facts, ...(template && { template }), ...(media.length > 0 && { media }), ...read };
}

/** With the names that the layout knows: tables often have theirs with capitals. */
function understood(row: Columns): { layout: Layout; named: Columns } | null {
  const given = layoutOf(row);
  if (given) return { layout: given, named: row };
  const named = Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  const layout = layoutOf(named);
  return layout && { layout, named };
}

/** An object that was written as JSON twice is a text that holds JSON. */
const kindOfRow = (record: unknown) =>
  typeof record === "string" && /^\s*[{[]/.test(record) ? "JSON within a text (written twice)" : kindOf(record);

function rowsWithin(record: Columns): string | undefined {
  const [name] = Object.entries(record).find(([, value]) => Array.isArray(value) && value.some(isRecord)) ?? [];
  return name && `${name.slice(0, 40)} is a list of objects: if these are the rows, save the list as a file of its own`;
}

function mediaIn(row: Columns, read: Content): string[] {
  const beside = mediaColumns.filter((name) => row[name] !== undefined && JSON.stringify(row[name]) !== "[]");
  const turns = Object.values(read).filter(Array.isArray).flat() as unknown[];
  const within = turns.flatMap((turn) => (isRecord(turn) && Array.isArray(turn.media) ? (turn.media as string[]) : []));
  return [...new Set([...beside, ...within])];
}

/** What is said of texts that hold a conversation as JSON: they may be meant as they are. */
const asText = (row: Columns): string[] =>
  Object.entries(row)
    .filter(([, value]) => typeof value === "string" && /^\s*\[\s*\{[\s\S]*["'](role|from)["']/.test(value))
    .map(([name, value]) => {
      const kept = /^\s*\[\s*\{\s*'/.test(String(value)) ? "as Python prints it" : "as JSON text";
      return `${name} is a conversation kept ${kept}, and read as plain text`;
    });

const expectedColumns =
  'expected are "prompt" with "chosen" and "rejected", with "completions" and "ranks" or "scores", with "completion" (and "label"), or with "answers"; or "messages", or "text"';

/** Their names, as they help to find a misspelt one. */
export function columnsFound(record: unknown): string {
  const names = isRecord(record) ? Object.keys(record) : [];
  const shown = names.slice(0, 12).map((name) => name.slice(0, 40));
  return `columns found: ${shown.join(", ") || "none"}${names.length > shown.length ? ", …" : ""}`;
}
