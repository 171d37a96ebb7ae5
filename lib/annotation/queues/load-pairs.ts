// Files of pairs, rankings, single answers or solutions become a queue. Unmarked: the command line imports too.
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { dataFolder } from "../../../common/env";
import { collectRemarks } from "../../../common/rows/remarks";
import { type RowOfFiles, rowsOfFiles } from "../../../common/rows/rows-of-files";
import { AppError } from "../../../spec/errors";
import type { Question } from "../../../spec/queue-options";
import type { RowMapping } from "../../../spec/row-mapping";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { type Watch, watchedRows } from "../../watch";
import { type GivenRow, keepLabels } from "../items/given-labels";
import { addItems, type SampleRow } from "../items/items";
import { type Columns, readImported } from "./import-columns";
import { type LeftOut, leaveOut, nothingLeftOut } from "./left-out";
import { dropHalfFilled, dropQueue, hiddenQueue, showQueue, stillFilling } from "./new-queue";
import type { ImportReport } from "./queue-schema";
import { usualQuestion } from "./usual-question";

/** Rows that go into the database in one transaction: few enough that nobody else waits for it. */
const atOnce = 500;

/** How files are read, and what becomes of their labels. */
export interface Loading {
  columns?: Columns | null;
  mapping?: RowMapping | null;
  watch?: Watch;
  /** As votes of the annotator *import*; else nobody is told them. */
  keepsLabels?: boolean;
  /** Null: as the queue asks it that is there, or as the first rows can be asked. */
  question?: Question | null;
}

/** What was read: the good rows are in a file, as a million of them would not fit into memory. */
interface Draft extends LeftOut {
  rows: number;
  notes: string[];
}

/** Labels have a strength beside the answers. */
type DraftRow = SampleRow & Partial<GivenRow>;

/**
 * Adds the good rows of one or many files to the queue of this name, made where there is none, and lists the others. The same file again
 * adds nothing. Cancelled, it leaves nothing; once all rows are read, a queue that was there before takes them to the end.
 */
export async function loadPairs(
  name: string,
  files: string | string[],
  now: number,
  { columns = null, mapping = null, watch = {}, keepsLabels = false, question: asked = null }: Loading = {},
): Promise<ImportReport> {
  const file = join(dataFolder(), "uploads", `draft-${crypto.randomUUID()}.jsonl`);
  const draft: Draft = { rows: 0, ...nothingLeftOut(), notes: [] };
  try {
    mkdirSync(dirname(file), { recursive: true });
    const all = [files].flat();
    const question = asked ?? (await usualQuestion(name, all, { columns, mapping }));
    const rows = watchedRows(rowsOfFiles(all, mapping), watch);
    await pipeline(goodLines(rows, { name, columns, question, keepsLabels }, draft), createWriteStream(file));
    if (draft.rows === 0) throw new AppError(400, nothingIn(draft));
    const { queueId, added, labels } = await stored({ name, question }, file, draft.rows, now, watch);
    const { bad, left, notes } = draft;
    const duplicates = draft.rows - added;
    return { queueId, queue: name, added, duplicates, ...(keepsLabels && { labels }), bad, left, notes };
  } finally {
    await rm(file, { force: true });
  }
}

const nothingIn = ({ bad: [first] }: Draft): string =>
  first ? `No line could be imported. Line ${first.line}: ${first.reason}.` : "The file is empty: it has no rows.";

/** Lines of the draft; what is to be known of them goes into `draft`. */
async function* goodLines(
  entries: AsyncIterable<RowOfFiles>,
  {
    name,
    columns,
    question,
    keepsLabels,
  }: { name: string; columns: Columns | null; question: Question; keepsLabels: boolean },
  draft: Draft,
): AsyncGenerator<string> {
  const remarks = collectRemarks();
  for await (const record of entries) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const { row, items } = readImported(record.value, columns, question);
      remarks.row(record.line, row);
      draft.rows += items.length;
      yield items
        .map(({ source = `imported from ${name}`, strength, wrongStep, ...record }) =>
          lineOf({ ...record, source, ...(keepsLabels && strength !== undefined && { strength, wrongStep }) }),
        )
        .join("");
    } catch (error) {
      leaveOut(draft, { line: record.line, reason: `${record.of}${(error as Error).message}` });
    }
  }
  draft.notes = remarks.sentences();
}

/** JSON may hold two characters at which readline ends a line. */
const lineOf = (row: DraftRow): string =>
  `${JSON.stringify(row).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;

/** A queue that is made for these rows is shown once it has all of them. */
async function stored(
  { name, question }: { name: string; question: Question },
  file: string,
  rows: number,
  now: number,
  { cancelled, says, commits }: Watch,
) {
  await dropHalfFilled();
  const { id: queueId, isNew } = await retryOnBusyAsync(() => hiddenQueue(name, now, question));
  let [seen, added, labels] = [0, 0, 0];
  if (!isNew) commits?.();
  try {
    for await (const batch of batchesOf(file)) {
      if (isNew) cancelled?.throwIfAborted();
      const made = await retryOnBusyAsync(() => add(queueId, batch, now));
      added += made.added;
      labels += made.labels;
      seen += batch.length;
      says?.(`${seen} of ${rows} records stored`);
    }
    if (isNew) {
      commits?.();
      await retryOnBusyAsync(() => showQueue(queueId));
    }
    return { queueId, added, labels };
  } catch (error) {
    if (isNew) await dropQueue(queueId);
    throw error;
  }
}

/** Records with their labels, all or none; how many of each are new. */
const add = (queueId: number, rows: DraftRow[], now: number): { added: number; labels: number } =>
  appDb().transaction(() => {
    const added = addItems(queueId, rows);
    stillFilling(queueId);
    const labels = keepLabels(
      queueId,
      rows.filter((row): row is GivenRow => row.strength !== undefined),
      now,
    );
    return { added, labels };
  });

async function* batchesOf(file: string): AsyncGenerator<DraftRow[]> {
  let batch: DraftRow[] = [];
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      batch.push(JSON.parse(line) as DraftRow);
      if (batch.length < atOnce) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    input.destroy(); // readline leaves it open where the loop is left early
  }
}
