// Labels that came with a file, kept as votes of the annotator *import*: records train by them at once, and people judge them anew.
import { and, eq, sql } from "drizzle-orm";
import { appDb } from "../../db/client";
import { items } from "../../db/tables/items";
import { judgements } from "../../db/tables/judgements";
import { importer } from "../../people/importer";
import { itemHash, type SampleRow } from "./items";

/** A pair whose first answer is the better one, as its file says, or a single answer. */
export interface GivenRow extends SampleRow {
  /** How much better, 1 to 4; of a single answer 1 where it is good, and -1 where it is bad. */
  strength: number;
  /** Of a solution: its first wrong step, 0 where there is none. */
  wrongStep?: number;
}

/** Of pairs that are records already; a record that has one keeps it. Returns how many were new. */
export function keepLabels(queueId: number, rows: GivenRow[], now: number): number {
  if (rows.length === 0) return 0;
  return appDb().transaction((tx) => {
    const annotatorId = importer(now);
    let kept = 0;
    for (const { strength, wrongStep = null, ...row } of rows) {
      const here = and(eq(items.queueId, queueId), eq(items.hash, itemHash(row)));
      const itemId = tx.select({ id: items.id }).from(items).where(here).get()!.id;
      kept += tx
        .insert(judgements)
        .values({
          ...{ key: `import/${itemId}`, annotatorId, itemId, kind: "vote", verdict: strength > 0 ? "first" : "second" },
          ...{ strength: Math.abs(strength), wrongStep, shownLeft: "first", activeMs: 0, createdAt: now },
        })
        .onConflictDoNothing()
        .run().changes;
    }
    return kept;
  });
}

/** Of the records between two positions, for their copies in another queue. */
export function copyLabels(from: number, to: number, [first, last]: [number, number], now: number): void {
  appDb().run(sql`INSERT INTO judgements (key, annotator_id, item_id, kind, verdict, strength, wrong_step, shown_left, active_ms, created_at)
    SELECT 'import/' || copies.id, given.annotator_id, copies.id, 'vote', given.verdict, given.strength, given.wrong_step, given.shown_left, 0, ${now}
    FROM items AS originals JOIN judgements AS given ON given.key = 'import/' || originals.id
    JOIN items AS copies ON copies.queue_id = ${to} AND copies.hash = originals.hash
    WHERE originals.queue_id = ${from} AND originals.position BETWEEN ${first} AND ${last}`);
}

/** As a file says it, where it does: this program's own exports have a strength. */
export function strengthIn({ strength }: Record<string, unknown>): number {
  const given = Math.round(Number(strength ?? 1));
  return given >= 1 && given <= 4 ? given : 1;
}
