// The versions of a dataset that is annotated: as it was imported, and what people did to its records since.
import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { VersionDto } from "../../data-checks/changes-schema";
import type { CheckReport } from "../../data-checks/checks-schema";
import { rowsFound } from "../../data-checks/kept-findings";
import { appDb } from "../../db/client";
import { exclusions, items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { earlierTexts, earlierWords, recordChanges } from "../../db/tables/record-changes";
import { annotatorNames } from "../../people/annotator-names";

export const newestNumber = (queueId: number): number =>
  appDb()
    .select({ number: recordChanges.number })
    .from(recordChanges)
    .where(eq(recordChanges.queueId, queueId))
    .orderBy(desc(recordChanges.number))
    .limit(1)
    .get()?.number ?? 1;

/** Newest first, without the import. */
export function listRecordVersions(queueId: number): VersionDto[] {
  const names = annotatorNames();
  return appDb()
    .select()
    .from(recordChanges)
    .where(eq(recordChanges.queueId, queueId))
    .orderBy(desc(recordChanges.number))
    .all()
    .map(({ number, action, undoes, reason, annotatorId, changed, rows, createdAt }) => ({
      ...{ number, action, undoes, reason, changed, rows },
      who: names.get(annotatorId)!,
      at: createdAt,
    }));
}

/** Those that did something to the pair, and what its texts were before each that changed them. */
export function versionsOfRecord(queueId: number, itemId: number): VersionDto[] {
  const texts = appDb()
    .select({ number: earlierTexts.number })
    .from(earlierTexts)
    .where(eq(earlierTexts.itemId, itemId))
    .orderBy(asc(earlierTexts.seq))
    .all();
  const words = appDb()
    .select({ number: earlierWords.number })
    .from(earlierWords)
    .innerJoin(judgements, eq(judgements.seq, earlierWords.vote))
    .where(eq(judgements.itemId, itemId))
    .all();
  const out = appDb()
    .select({ number: exclusions.number })
    .from(exclusions)
    .where(and(eq(exclusions.itemId, itemId), isNotNull(exclusions.number)))
    .all();
  const numbers = new Set([...texts, ...words, ...out].map(({ number }) => number));
  return numbers.size === 0 ? [] : listRecordVersions(queueId).filter(({ number }) => numbers.has(number));
}

/** Records whose texts, or words of votes on them, a later version changed. */
export const changedSince = (queueId: number, version: number): number[] =>
  appDb()
    .all<{ id: number }>(sql`
      SELECT item_id AS id FROM earlier_texts JOIN items ON items.id = item_id
      WHERE queue_id = ${queueId} AND place = 0 AND number > ${version}
      UNION SELECT item_id FROM earlier_words JOIN judgements ON judgements.seq = vote JOIN items ON items.id = item_id
      WHERE queue_id = ${queueId} AND number > ${version}`)
    .map(({ id }) => id);

/** By check how many of its records are neither excluded nor changed since it was made. */
export function openRecords(queueId: number, { checks, version }: CheckReport): Record<string, number> {
  if (newestNumber(queueId) === version) return Object.fromEntries(checks.map(({ check, rows }) => [check, rows]));
  const open = (found: number[]) =>
    appDb().get<{ count: number }>(sql`SELECT count(*) AS count FROM ${items}
      WHERE id IN (SELECT value FROM json_each(${JSON.stringify(found)}))
      AND NOT coalesce((SELECT e.excluded FROM exclusions e WHERE e.item_id = items.id ORDER BY e.seq DESC LIMIT 1), 0)
      AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(changedSince(queueId, version))}))`)!.count;
  return Object.fromEntries(checks.map(({ check }) => [check, open(rowsFound({ kind: "queue", id: queueId }, check))]));
}
