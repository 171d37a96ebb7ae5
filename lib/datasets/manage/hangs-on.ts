// What goes with a dataset when it is deleted, and which runs were trained on it: said before anybody deletes it.
import { sql } from "drizzle-orm";
import { tallyOf } from "../../annotation/judging/tally";
import { appDb } from "../../db/client";
import type { LabelledSet } from "../../db/tables/training-sets";
import { knownImporter } from "../../people/importer";

export interface HangsOn {
  records: number;
  votes: number;
  annotators: number;
  runs: { id: string; name: string }[];
}

export function hangsOnQueue(queueId: number): HangsOn {
  const { tasks, gold, votes, people } = tallyOf(queueId);
  const file = knownImporter();
  const annotators = [...people.values()].filter(({ id, votes }) => votes.size > 0 && id !== file).length;
  return { records: tasks.length + gold.length, votes, annotators, runs: runsOnQueue(queueId) };
}

/** Runs that were trained or evaluated on what people decided or wrote here; each keeps the rows that it froze. */
export const runsOnQueue = (queueId: number): HangsOn["runs"] =>
  appDb().all(sql`SELECT DISTINCT runs.id, runs.name FROM snapshots
    JOIN runs ON instr(json_extract(runs.config, '$.data'), '"snapshot:' || snapshots.id || '"') > 0
    WHERE snapshots.queue_id = ${queueId} ORDER BY runs.created_at DESC`);

export const hangsOnLabelled = ({ id, rows }: Pick<LabelledSet, "id" | "rows">): HangsOn => ({
  records: rows,
  votes: 0,
  annotators: 0,
  runs: runsOnLabelled(id),
});

export const runsOnLabelled = (id: number): HangsOn["runs"] =>
  appDb().all(sql`SELECT id, name FROM runs
    WHERE instr(json_extract(config, '$.data'), ${`"labelled:${id}"`}) > 0
      OR instr(json_extract(config, '$.data'), ${`"labelled:${id}@`}) > 0 ORDER BY created_at DESC`);
