// Runs on a dataset. Where whoever asks may not read that, they are hidden too: their samples and rows are its records.
import { inArray, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { closedDatasets } from "./dataset-roles";

interface RunName {
  id: string;
  name: string;
}

/** Runs that were trained or evaluated on what people decided or wrote here; each keeps the rows that it froze. */
export const runsOnQueue = (queueId: number): RunName[] =>
  appDb().all(sql`SELECT DISTINCT runs.id, runs.name FROM snapshots
    JOIN runs ON instr(runs.config, '"snapshot:' || snapshots.id || '"') > 0
    WHERE snapshots.queue_id = ${queueId} ORDER BY runs.created_at DESC`);

export const runsOnLabelled = (id: number): RunName[] =>
  appDb().all(sql`SELECT id, name FROM runs
    WHERE instr(config, ${`"labelled:${id}"`}) > 0
      OR instr(config, ${`"labelled:${id}@`}) > 0 ORDER BY created_at DESC`);

const hiddenRuns = (): Set<string> =>
  new Set(
    closedDatasets().flatMap(({ kind, id }) =>
      (kind === "annotate" ? runsOnQueue(id) : runsOnLabelled(id)).map((run) => run.id),
    ),
  );

export function seenRuns<Run extends { id: string }>(runs: Run[]): Run[] {
  const hidden = hiddenRuns();
  return hidden.size === 0 ? runs : runs.filter(({ id }) => !hidden.has(id));
}

/** What is said of a run, with those that it builds on under their ids where they are hidden. */
export function withoutHiddenNames(said: string | null, builtOn: string[]): string | null {
  if (said === null || builtOn.length === 0) return said;
  const hidden = hiddenRuns();
  const named = appDb().select({ id: runs.id, name: runs.name }).from(runs).where(inArray(runs.id, builtOn)).all();
  return named
    .filter(({ id }) => hidden.has(id))
    .reduce((text, { id, name }) => text.replaceAll(name, `run ${id}`), said);
}
