// Taking back what a version did to records. Those that a later one has changed are left as they are.
import { and, eq, inArray, sql } from "drizzle-orm";
import { AppError } from "../../../spec/errors";
import { whyOf } from "../../data-checks/changes-schema";
import { appDb } from "../../db/client";
import { exclusions, items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { earlierTexts, earlierWords, recordChanges } from "../../db/tables/record-changes";
import { atOnce, type Batch } from "./growing-version";
import { moved } from "./moved-records";
import { writeTexts } from "./record-texts";
import { writeWords } from "./vote-words";

/** What is kept of one record under the version, by `seq` of its rows. */
interface Kept {
  texts: number[];
  words: number[];
}

/** How many records there are to bring back, and the batches that do it. */
export function undone(queueId: number, version: number, annotatorId: number, now: number) {
  const known = and(eq(recordChanges.queueId, queueId), eq(recordChanges.number, version));
  if (!appDb().select().from(recordChanges).where(known).get())
    throw new AppError(404, `This dataset has no version ${version} to undo.`);
  const kept = [...keptUnder(queueId, version).values()];
  const [out, back] = [movedBy(queueId, version, true), movedBy(queueId, version, false)];
  const total = kept.length + out.length + back.length;
  if (total === 0)
    throw new AppError(409, `Version ${version} is undone already, or later versions changed its records again.`);
  async function* batches(): AsyncGenerator<Batch> {
    for (let from = 0; from < kept.length; from += atOnce) {
      const batch = kept.slice(from, from + atOnce);
      yield { of: batch.length, write: (number) => ({ changed: bringBack(batch, number, now), included: 0 }) };
    }
    const { reason } = whyOf({ action: "undo", version });
    yield* moved(out, false, reason, annotatorId, now);
    yield* moved(back, true, reason, annotatorId, now);
  }
  return { total, batches: batches() };
}

/** By record what the version changed in it last. */
function keptUnder(queueId: number, version: number): Map<string | number, Kept> {
  const records = new Map<string | number, Kept>();
  const of = ({ id, ranking }: { id: number; ranking: string | null }): Kept => {
    const kept = records.get(ranking ?? id) ?? { texts: [], words: [] };
    records.set(ranking ?? id, kept);
    return kept;
  };
  const { id, ranking } = items;
  const texts = appDb()
    .select({ id, ranking, seq: earlierTexts.seq })
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
  for (const row of texts) of(row).texts.push(row.seq);
  const words = appDb()
    .select({ id, ranking, seq: earlierWords.seq })
    .from(earlierWords)
    .innerJoin(judgements, eq(judgements.seq, earlierWords.vote))
    .innerJoin(items, eq(items.id, judgements.itemId))
    .where(
      and(
        eq(items.queueId, queueId),
        eq(earlierWords.number, version),
        sql`${earlierWords.seq} = (SELECT max(w.seq) FROM earlier_words w WHERE w.vote = ${earlierWords.vote})`,
      ),
    )
    .all();
  for (const row of words) of(row).words.push(row.seq);
  return records;
}

/** Pairs that the version left out, or took in, and no later one moved. */
const movedBy = (queueId: number, version: number, excluded: boolean): number[] =>
  appDb()
    .select({ id: exclusions.itemId })
    .from(exclusions)
    .innerJoin(items, eq(items.id, exclusions.itemId))
    .where(
      and(
        eq(items.queueId, queueId),
        eq(exclusions.number, version),
        eq(exclusions.excluded, excluded),
        sql`${exclusions.seq} = (SELECT max(e.seq) FROM exclusions e WHERE e.item_id = ${items.id})`,
      ),
    )
    .all()
    .map(({ id }) => id);

/** Within a transaction; returns how many records. */
function bringBack(records: Kept[], number: number, now: number): number {
  const texts = appDb()
    .select({
      id: earlierTexts.itemId,
      prompt: earlierTexts.prompt,
      first: earlierTexts.first,
      second: earlierTexts.second,
    })
    .from(earlierTexts)
    .where(
      inArray(
        earlierTexts.seq,
        records.flatMap(({ texts }) => texts),
      ),
    )
    .all();
  writeTexts(texts, number, now);
  const words = appDb()
    .select()
    .from(earlierWords)
    .where(
      inArray(
        earlierWords.seq,
        records.flatMap(({ words }) => words),
      ),
    )
    .all();
  for (const { vote, rationale, rewrite } of words) writeWords({ seq: vote, rationale, rewrite }, number);
  return records.length;
}
