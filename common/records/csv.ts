// Rows of a CSV file (RFC 4180), named by its first line. Commas, semicolons or tabs part its cells, whichever the first line has most of.
// Read line by line and by hand, since a parser of whole files takes one quote that never closes for the rest of the file.

import { isRecord } from "../json";
import { fromText, isExported } from "./formula";
import { type BadLine, type Line, longestLine } from "./lines";

export interface CsvRow {
  line: number;
  value: Record<string, unknown>;
}
interface Cells {
  line: number;
  cells: string[];
}

/** Every row as an object, empty cells left out; what is none by the line that it begins on. With `partial`, the last may be cut. */
export async function* csvRows(
  lines: AsyncIterable<Line | BadLine>,
  partial = false,
): AsyncGenerator<CsvRow | BadLine> {
  let names: string[] | undefined;
  for await (const record of recordsOf(lines, partial)) {
    if (names) yield "reason" in record ? record : rowOf(names, record);
    else {
      const wrong = "reason" in record ? record.reason : twice(record.cells);
      if (wrong !== undefined || "reason" in record) {
        yield { line: record.line, reason: `the header ${wrong}; without it no row can be read` };
        return;
      }
      names = record.cells.map((name) => name.trim());
    }
  }
}

function twice(names: string[]): string | undefined {
  const known = names.map((name) => name.trim());
  const name = known.find((name, i) => name !== "" && known.indexOf(name) !== i);
  return name === undefined ? undefined : `names the column ${name.slice(0, 40)} twice, and only one would count`;
}

/** Too many cells are as wrong as too few: a comma that should have been quoted moves all that follow. Empty ones at the end are Excel's. */
function rowOf(names: string[], { line, cells }: Cells): CsvRow | BadLine {
  const needless = cells.slice(names.length).every((cell) => cell === "");
  if (cells.length < names.length || !needless)
    return {
      line,
      reason: `has ${cells.length} cells, and the header names ${names.length}; a cell that holds a comma, a quote or a line end stands in quotes`,
    };
  const isOwn = isExported(names);
  const read = isOwn ? ownValue : cellValue;
  const entries = names.map((name, i) => [name === "" ? `column ${i + 1}` : name, read(name, cells[i]!)] as const);
  return { line, value: Object.fromEntries(entries.filter(([, value]) => value !== "")) };
}

/** Columns whose cells can hold nothing but JSON. */
const structured = [
  "tools",
  "chat_template_kwargs",
  "completions",
  "ranks",
  "scores",
  "answers",
  "writers",
  "gold",
  "history",
  "rationales",
];

/** A conversation stands in a cell as JSON, as exports write it; any other text is taken as it is. */
function cellValue(name: string, cell: string): unknown {
  const wanted = structured.includes(name);
  if (!wanted && !/^\s*[[{]/.test(cell)) return cell;
  try {
    const value: unknown = JSON.parse(cell);
    return wanted || isConversation(value) ? value : cell;
  } catch {
    return cell;
  }
}

/** In a table of our own a plain prompt is the one turn of its conversation: as text alone it would be continued without a chat template. */
function ownValue(name: string, cell: string): unknown {
  const value = cellValue(name, fromText(cell));
  return name === "prompt" && typeof value === "string" && value !== "" ? [{ role: "user", content: value }] : value;
}

/** Whether JSON in a cell is a list of messages, or one. */
export const isConversation = (value: unknown): boolean => {
  const turns = [value].flat();
  return (
    turns.length > 0 &&
    turns.every((turn) => isRecord(turn) && (typeof turn.role === "string" || typeof turn.from === "string"))
  );
};

const unclosed = "opens a quote that never closes";
const trailing = "has a quoted cell with something after its closing quote; a quote within a cell is doubled";

/** Lines joined where a quoted cell goes on over several. A quote that never closes spoils the line that it stands on, and none after it. */
async function* recordsOf(lines: AsyncIterable<Line | BadLine>, partial: boolean): AsyncGenerator<Cells | BadLine> {
  let delimiter: string | undefined;
  let open: Line[] = []; // a record whose last cell has not closed yet
  let size = 0;
  const waiting: (Line | BadLine | "end")[] = []; // the next one last
  const spoiled = (reason: string): BadLine => {
    const [first, ...rest] = open;
    waiting.push(...rest.reverse());
    [open, size] = [[], 0];
    return { line: first!.line, reason };
  };
  for await (const entry of partial ? lines : ended(lines)) {
    waiting.push(entry);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === "end" || "reason" in next) {
        if (open.length > 0) {
          waiting.push(next);
          yield spoiled(unclosed);
        } else if (next !== "end") yield next;
        continue;
      }
      if (open.length === 0 && next.text.trim() === "") continue;
      open.push(next);
      size += next.text.length + 1;
      if (open.length > 1 && !next.text.includes('"')) {
        if (size > longestLine || open.length > mostLines) yield spoiled(unclosed);
        continue;
      }
      const text = open.map(({ text, end }, i) => (i < open.length - 1 ? text + end : text)).join("");
      delimiter ??= delimiterOf(text);
      const cells = cellsOf(text, delimiter);
      if (cells === "broken") yield spoiled(open.length > 1 ? unclosed : trailing);
      else if (cells !== "open") {
        yield { line: open[0]!.line, cells };
        [open, size] = [[], 0];
      }
    }
  }
}

/** Of one record. */
const mostLines = 20_000;

async function* ended<T>(lines: AsyncIterable<T>): AsyncGenerator<T | "end"> {
  yield* lines;
  yield "end";
}

function delimiterOf(header: string): string {
  const bare = header.replaceAll(/"(?:[^"]|"")*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** The cells of a record: "open" where its last quote has not closed, "broken" where text follows a closing quote. */
function cellsOf(text: string, delimiter: string): string[] | "open" | "broken" {
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    let end: number;
    if (text[at] === '"') {
      const match = quotedCell(text, at);
      if (match === null) return "open";
      end = match.end;
      cells.push(match.cell);
    } else {
      end = text.indexOf(delimiter, at);
      if (end < 0) end = text.length;
      cells.push(text.slice(at, end));
    }
    if (end === text.length) return cells;
    if (text[end] !== delimiter) return "broken";
    at = end;
  }
}

/** A quoted cell, in which a quote is doubled. */
function quotedCell(text: string, start: number): { cell: string; end: number } | null {
  for (let close = text.indexOf('"', start + 1); close >= 0; close = text.indexOf('"', close + 2))
    if (text[close + 1] !== '"') return { cell: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 };
  return null;
}
