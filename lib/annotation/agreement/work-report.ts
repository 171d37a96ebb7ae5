// Who annotated how much on which day, and how long that took: what people are paid by.
import { sql } from "drizzle-orm";
import { appDb } from "../../db/client";

export interface WorkRow {
  person: string;
  dataset: string;
  /** In the server's time zone, as 2026-11-27. */
  day: string;
  /** Records whose vote stands: those that test or repeat among them, and each ranking as one. */
  records: number;
  /** Votes that are kept but count nowhere: on records that were not handed out, or had all the votes they need. */
  extras: number;
  /** Active time, that of votes which were taken back later included. */
  seconds: number;
}

/** From the first day to the last, both included. */
export const workBetween = (from: string, to: string): WorkRow[] =>
  appDb().all<WorkRow>(sql`
    SELECT person, dataset, day, sum(stands AND NOT extra) AS records, sum(stands AND extra) AS extras,
      round(sum(active_ms) / 1000.0, 1) AS seconds
    FROM (
      SELECT a.id AS person_id, a.name AS person, q.id AS dataset_id, q.name AS dataset, v.extra, v.active_ms,
        u.seq IS NULL AS stands, date(v.created_at / 1000, 'unixepoch', 'localtime') AS day
      FROM judgements v
        JOIN annotators a ON a.id = v.annotator_id AND a.kind = 'person'
        JOIN items i ON i.id = v.item_id AND i.place = 0
        JOIN queues q ON q.id = i.queue_id
        LEFT JOIN judgements u ON u.undoes = v.seq
      WHERE v.kind = 'vote'
    )
    WHERE day BETWEEN ${from} AND ${to}
    GROUP BY person_id, dataset_id, day ORDER BY person, dataset, day`);
