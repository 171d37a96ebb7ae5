// The beginning of a file as an import would read it, before anything is imported.
import "server-only";
import { mkdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataFolder } from "../../../common/env";
import { isRecord } from "../../../common/json";
import type { BadLine } from "../../../common/records/lines";
import { type FileRecord, placeIn } from "../../../common/records/records";
import { rowRecords } from "../../../common/rows/expand";
import type { ReadRow } from "../../../common/rows/formats";
import { contentText } from "../../../common/rows/messages";
import { collectRemarks } from "../../../common/rows/remarks";
import { type Question, questions } from "../../../spec/queue-options";
import { type Columns, type ImportedRow, readImported } from "../../annotation/queues/import-columns";
import { knownMapping } from "../add/add-dataset";
import { kindOfMost, labelColumnsOf, readLabelled, unlike } from "../labelled/labelled-rows";
import { type ShownRow, shownRow } from "../labelled/row-preview";
import type { FileFormat, ImportForm, ImportPreview } from "./import-schema";

const shown = 5;

interface Sample extends Reading {
  /** A file, or the first part of one, cut anywhere: what is not whole at its end is left out. */
  bytes: Uint8Array;
  part: boolean;
  format: FileFormat;
}

export interface Reading {
  columns: Columns | null;
  /** Null: labelled where it has labels. */
  as: ImportForm | null;
  /** Null: to compare answers, unless no row has any to compare. */
  question?: Question | null | undefined;
}

export async function previewImport({ bytes, format, part, ...reading }: Sample): Promise<ImportPreview> {
  const folder = join(dataFolder(), "uploads");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `preview-${crypto.randomUUID()}.${format}`);
  await writeFile(file, bytes);
  try {
    const mapping = reading.columns ? null : await knownMapping([file]);
    return { ...(await previewRows(rowRecords(file, { partial: part, mapping }), reading)), part };
  } finally {
    await rm(file, { force: true });
  }
}

/** Rows as an import would read them. */
export async function previewRows(
  records: AsyncIterable<FileRecord | BadLine>,
  { columns, as, question: asked = null }: Reading,
): Promise<Omit<ImportPreview, "part">> {
  const names = new Set<string>();
  const labelled = reading((record) => readLabelled(record, columns), labelColumnsOf);
  const opened = {
    compare: reading((record) => readImported(record, columns, "compare")),
    single: reading((record) => readImported(record, columns, "single")),
    steps: reading((record) => readImported(record, columns, "steps")),
  };
  const unreadable: BadLine[] = [];
  for await (const record of records) {
    if ("reason" in record) {
      unreadable.push(record);
      continue;
    }
    if (isRecord(record.value)) for (const name of Object.keys(record.value)) names.add(name);
    for (const one of [labelled, ...Object.values(opened)]) one.take(record);
  }
  const question = asked ?? questions.find((one) => opened[one].good.length > 0) ?? "compare";
  const open = opened[question];
  const holds = kindOfMost(labelled.good.map(({ kind }) => kind));
  labelled.leaveOut((row) => (holds === null ? null : unlike(row, holds)));
  // two columns that somebody names are two answers; which is better, they have to say themselves
  const asLabelled = columns === null && labelled.good.length > 0 && labelled.good.length >= open.good.length;
  const chosen = as ?? (asLabelled ? "labelled" : "annotate");
  const read = chosen === "labelled" ? labelled : open;
  const left = [...unreadable, ...read.bad].sort((a, b) => a.line - b.line);
  return {
    columns: [...names],
    layouts: [...read.layouts],
    as: chosen,
    question,
    holds: columns && chosen === "annotate" ? null : holds,
    rows:
      chosen === "labelled"
        ? labelled.good.slice(0, shown).map(({ row }) => shownRow(row))
        : open.good.slice(0, shown).map((one) => (chosen === "both" ? keptRow(one) : openRow(one))),
    good: read.good.length,
    left: left.length,
    bad: left.slice(0, shown),
    notes: read.remarks.sentences(),
  };
}

/** Records as one kind of import reads them. */
function reading<T extends { row: ReadRow }>(
  read: (record: unknown) => T,
  used: (row: ReadRow) => string[] = () => [],
) {
  const [good, bad, layouts, remarks] = [[] as T[], [] as BadLine[], new Set<string>(), collectRemarks()];
  const lines = new Map<T, number>();
  const take = (record: FileRecord) => {
    const { line } = record;
    try {
      const one = read(record.value);
      good.push(one);
      lines.set(one, line);
      layouts.add(one.row.layout);
      remarks.row(line, one.row, used(one.row));
    } catch (error) {
      bad.push({ line, reason: `${placeIn(record)}${(error as Error).message}` });
    }
  };
  /** Rows that are told to be bad once all are known. */
  const leaveOut = (reasonOf: (row: T) => Error | null) => {
    const kept = good.filter((row) => {
      const reason = reasonOf(row);
      if (reason) bad.push({ line: lines.get(row)!, reason: reason.message });
      return reason === null;
    });
    good.splice(0, good.length, ...kept);
  };
  return { good, bad, layouts, remarks, take, leaveOut };
}

/** A row to annotate: all its answers, though a ranking gives several pairs, of which the first is shown. */
function openRow({ items }: { items: ImportedRow[] }): ShownRow {
  const { prompt } = items[0]!;
  const answers = items[0]!.answers.length > 1 ? items[0]!.answers : items.flatMap((one) => one.answers);
  return { prompt: contentText(prompt.at(-1)!.content), answers: answers.map((text) => ({ text, label: null })) };
}

/** The same with its label, where it has one. */
const keptRow = (one: { row: ReadRow; items: ImportedRow[] }): ShownRow =>
  one.row.kind === "answers" ? openRow(one) : shownRow(one.row);
