// A file of pairs becomes a queue. Unmarked: the command line imports too.
import { and, count, eq, isNull } from "drizzle-orm";
import { rowRecords } from "../../../common/rows/expand";
import { collectRemarks } from "../../../common/rows/remarks";
import { AppError } from "../../../spec/errors";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { addItems, type SampleRow } from "../items/items";
import { type Columns, readImported } from "./import-columns";
import { leaveOut, nothingLeftOut } from "./left-out";
import type { ImportReport } from "./queue-schema";

/** Rows that go into the database in one transaction: few enough that nobody else waits for it. */
const atOnce = 500;

/** Adds a file's good rows to the queue of this name, made where there is none, and lists the others. The same file again adds nothing. */
export async function loadPairs(
  name: string,
  file: string,
  now: number,
  columns: Columns | null = null,
): Promise<ImportReport> {
  const report = { added: 0, duplicates: 0, ...nothingLeftOut() };
  const remarks = collectRemarks();
  let queueId: number | null = null;
  let batch: SampleRow[] = [];
  const flush = async () => {
    const rows = batch;
    batch = [];
    if (rows.length === 0) return;
    const id = queueId ?? (await retryOnBusyAsync(() => queueNamed(name, now)));
    queueId = id;
    const added = await retryOnBusyAsync(() => addItems(id, rows));
    report.added += added;
    report.duplicates += rows.length - added;
  };
  for await (const record of rowRecords(file)) {
    try {
      if ("reason" in record) throw new Error(record.reason);
      const { row, items } = readImported(record.value, columns);
      batch.push(...items.map(({ source = `imported from ${name}`, ...pair }) => ({ ...pair, source })));
      remarks.row(record.line, row);
    } catch (error) {
      leaveOut(report, { line: record.line, reason: (error as Error).message });
    }
    if (batch.length >= atOnce) await flush();
  }
  await flush();
  if (queueId === null) {
    const [first] = report.bad;
    const problem = first
      ? `No line could be imported. Line ${first.line}: ${first.reason}.`
      : "The file is empty: it has no rows.";
    throw new AppError(400, problem);
  }
  return { queueId, queue: name, ...report, notes: remarks.sentences() };
}

const mostQueues = 1000;

/** The queue of this name, made where there is none. */
export function queueNamed(name: string, now: number): number {
  const known = appDb()
    .select()
    .from(queues)
    .where(and(eq(queues.name, name), isNull(queues.deletedAt)))
    .get();
  const others = known ? 0 : appDb().select({ count: count() }).from(queues).get()!.count;
  if (others >= mostQueues) throw new AppError(429, `There are ${others} datasets already, the most that are allowed.`);
  return (
    known ?? appDb().insert(queues).values({ name, about: "Which answer is better?", createdAt: now }).returning().get()
  ).id;
}
