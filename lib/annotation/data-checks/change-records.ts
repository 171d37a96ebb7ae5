// What people do to records of a dataset that is annotated: leave out, take in again, mask, edit, and take back what was done. Each time that
// is a version of its own, with who and why. Votes stay as they are; exports and runs have the texts as they are now.
import { and, eq, sql } from "drizzle-orm";
import { turns } from "../../../common/turns";
import { AppError } from "../../../spec/errors";
import type { RowChangeInput, RowsChanged } from "../../data-checks/changes-schema";
import { rowsFound } from "../../data-checks/kept-findings";
import { maskedRecord } from "../../data-checks/mask-row";
import { withText } from "../../data-checks/row-texts-at";
import { retryOnBusyAsync } from "../../db/busy";
import { appDb } from "../../db/client";
import { exclusions, items } from "../../db/tables/items";
import type { Queue } from "../../db/tables/queues";
import { earlierTexts, recordChanges } from "../../db/tables/record-changes";
import { sampleRow } from "../items/items";
import { isIncluded } from "../judging/overlap";
import { exclude } from "./exclude";
import { pairTexts, type RecordTexts, recordTextsOf, type StoredRecord, writeTexts } from "./record-texts";
import { newestNumber } from "./record-versions";

type Undo = Extract<RowChangeInput, { action: "undo" }>;
type Edit = Extract<RowChangeInput, { action: "edit" }>;
type ByCheck = Exclude<RowChangeInput, Undo | Edit>;
interface Who {
  annotatorId: number;
  now: number;
}

/** Records that are so already are left alone; where all are, there is no new version. */
export async function changeRecords(
  queue: Pick<Queue, "id" | "name">,
  change: RowChangeInput,
  annotatorId: number,
  now: number,
): Promise<RowsChanged> {
  const who = { annotatorId, now };
  switch (change.action) {
    case "undo":
      return retryOnBusyAsync(() => store(queue.id, change, who, (number) => undo(queue.id, change, number, who)));
    case "exclude":
    case "include": {
      const itemIds = idsOf(queue, change.of);
      const exclusion = { itemIds, excluded: change.action === "exclude", reason: change.reason };
      return retryOnBusyAsync(() =>
        store(queue.id, change, who, (number) => countOf(exclude(annotatorId, { ...exclusion, number }, now))),
      );
    }
    case "mask":
      return rewrite(queue, change, idsOf(queue, change.of), masked, who);
    case "edit":
      return rewrite(queue, change, [change.row], (texts) => edited(texts, change), who);
  }
}

const countOf = (pairs: { place: number }[]): number => pairs.filter(({ place }) => place === 0).length;

function idsOf(queue: Pick<Queue, "id" | "name">, of: { check: string } | { rows: number[] }): number[] {
  if ("rows" in of) return of.rows;
  const ids = rowsFound({ kind: "queue", id: queue.id }, of.check);
  if (ids.length === 0)
    throw new AppError(404, `No record of ${queue.name} was found by this check; run the checks again.`);
  return ids;
}

async function rewrite(
  queue: Pick<Queue, "id" | "name">,
  change: ByCheck | Edit,
  ids: number[],
  next: (texts: RecordTexts) => RecordTexts,
  who: Who,
): Promise<RowsChanged> {
  const refused: RowsChanged["refused"] = [];
  const planned = new Map<number, { record: StoredRecord; texts: RecordTexts }>();
  const turn = turns();
  for (const itemId of ids) {
    await turn();
    const record = recordTextsOf(itemId);
    try {
      const texts = next(record.texts);
      if (JSON.stringify(texts) !== JSON.stringify(record.texts)) planned.set(record.id, { record, texts });
    } catch (error) {
      refused.push({ row: record.id, reason: (error as Error).message });
    }
  }
  if (change.action === "edit" && refused[0]) throw new AppError(400, `Record ${change.row} ${refused[0].reason}.`);
  if (planned.size === 0) return { number: null, changed: 0, refused };
  const done = await retryOnBusyAsync(() =>
    store(queue.id, change, who, (number) => {
      for (const { record, texts } of planned.values()) {
        if (JSON.stringify(recordTextsOf(record.id).texts) !== JSON.stringify(record.texts))
          throw new AppError(409, `Somebody else has just changed record ${record.id}; look at it and try again.`);
        for (const [i, pair] of pairTexts(texts).entries()) writeTexts(record.pairs[i]!.id, number, pair, who.now);
      }
      return planned.size;
    }),
  );
  return { ...done, refused };
}

function edited(record: RecordTexts, { texts }: Edit): RecordTexts {
  let made: unknown = record;
  for (const { at, text } of texts) made = withText(made, at, text);
  return checked(made, record);
}

const masked = (record: RecordTexts): RecordTexts => {
  const made = maskedRecord(record);
  return made === null ? record : checked(made, record);
};

/** As an import would take it, with as many answers as before, of which none has become another. */
function checked(made: unknown, { answers }: RecordTexts): RecordTexts {
  const read = sampleRow.safeParse({ ...(made as object), source: "" });
  if (!read.success) throw new Error("has an answer without text; write one, or exclude the record");
  const { data } = read;
  if (new Set(data.answers).size < new Set(answers).size)
    throw new Error("has two answers that are the same then; exclude it, or edit it otherwise");
  return { prompt: data.prompt as RecordTexts["prompt"], answers: data.answers };
}

/** Brings back what the records of a version were before it. Records that a later one has changed are left as they are. */
function undo(queueId: number, { version }: Undo, number: number, { annotatorId, now }: Who): number {
  const known = and(eq(recordChanges.queueId, queueId), eq(recordChanges.number, version));
  if (!appDb().select().from(recordChanges).where(known).get())
    throw new AppError(404, `This dataset has no version ${version} to undo.`);
  const texts = appDb()
    .select({ row: earlierTexts, place: items.place })
    .from(earlierTexts)
    .innerJoin(items, eq(items.id, earlierTexts.itemId))
    .where(
      and(
        eq(items.queueId, queueId),
        eq(earlierTexts.number, version),
        sql`${earlierTexts.seq} = (SELECT max(t.seq) FROM earlier_texts t WHERE t.item_id = ${items.id})`,
      ),
    )
    .all();
  for (const { row } of texts)
    writeTexts(row.itemId, number, { prompt: row.prompt, first: row.first, second: row.second }, now);
  const out = appDb()
    .select({ id: exclusions.itemId, excluded: exclusions.excluded })
    .from(exclusions)
    .innerJoin(items, eq(items.id, exclusions.itemId))
    .where(
      and(
        eq(items.queueId, queueId),
        eq(exclusions.number, version),
        sql`${exclusions.seq} = (SELECT max(e.seq) FROM exclusions e WHERE e.item_id = ${items.id})`,
      ),
    )
    .all();
  const back = [true, false].flatMap((excluded) => {
    const itemIds = out.filter((one) => one.excluded === excluded).map(({ id }) => id);
    return exclude(annotatorId, { itemIds, excluded: !excluded, reason: `version ${version} undone`, number }, now);
  });
  const changed = texts.filter(({ place }) => place === 0).length + countOf(back);
  if (changed === 0)
    throw new AppError(409, `Version ${version} is undone already, or later versions changed its records again.`);
  return changed;
}

/** `work` does it, under the number of the version that it makes, and says how many records changed. */
function store(
  queueId: number,
  change: RowChangeInput,
  { annotatorId, now: createdAt }: Who,
  work: (number: number) => number,
): RowsChanged {
  return appDb().transaction(
    (tx) => {
      const number = newestNumber(queueId) + 1;
      const changed = work(number);
      if (changed === 0) return { number: null, changed, refused: [] };
      const { action } = change;
      const said =
        action === "undo"
          ? { reason: `version ${change.version} undone`, undoes: change.version }
          : { reason: change.reason };
      const { rows } = tx
        .select({ rows: sql<number>`count(*)` })
        .from(items)
        .where(and(eq(items.queueId, queueId), eq(items.place, 0), isIncluded))
        .get()!;
      tx.insert(recordChanges)
        .values({ queueId, number, action, ...said, annotatorId, changed, rows, createdAt })
        .run();
      return { number, changed, refused: [] };
    },
    { behavior: "immediate" },
  );
}
