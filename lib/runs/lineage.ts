// Where a run comes from and what came of it: data → reward model → policy → the next run.
import "server-only";
import { and, asc, eq, ne, or, sql } from "drizzle-orm";
import { appDb } from "../db/client";
import { queues, type Run, runs, snapshots } from "../db/schema";
import { runFolder } from "../env";
import { sampleSets } from "./samples";
import type { Lineage } from "./schema";

const link = { id: runs.id, name: runs.name, status: runs.status };

export function lineageOf(run: Run): Lineage {
  const all = appDb().select(link).from(runs).where(ne(runs.id, run.id)).orderBy(asc(runs.createdAt)).all();
  const config = JSON.stringify(run.config);
  const own = runFolder(run.id);
  const parent = all.find(({ id }) => id === run.parentRun);
  return {
    data: dataOf(run.config.data.train),
    parent: parent ? { ...parent, step: run.parentStep } : null,
    uses: all.filter(({ id }) => holds(config, runFolder(id))),
    usedBy: appDb()
      .select(link)
      .from(runs)
      .where(
        and(
          ne(runs.id, run.id),
          or(
            eq(runs.parentRun, run.id),
            sql`instr(${runs.config}, ${`${own}"`}) > 0`,
            sql`instr(${runs.config}, ${`${own}/`}) > 0`,
          ),
        ),
      )
      .orderBy(asc(runs.createdAt))
      .all(),
    sweep:
      run.sweep === null
        ? []
        : appDb()
            .select({ id: runs.id })
            .from(runs)
            .where(eq(runs.sweep, run.sweep))
            .all()
            .map(({ id }) => id),
  };
}

/** Whether a config names a folder or something in it. */
const holds = (config: string, folder: string) => config.includes(`${folder}"`) || config.includes(`${folder}/`);

function dataOf(train: string | null): Lineage["data"] {
  if (train === null) return null;
  const sample = sampleSets.find(({ path }) => path === train);
  if (sample) return { name: sample.name, queue: null };
  const snapshot = Number(/^snapshot:(\d+)$/.exec(train)?.[1]);
  const queue = appDb()
    .select({ id: queues.id, name: queues.name, at: snapshots.createdAt })
    .from(snapshots)
    .innerJoin(queues, eq(queues.id, snapshots.queueId))
    .where(eq(snapshots.id, snapshot))
    .get();
  return queue
    ? { name: `${queue.name}, as of ${new Date(queue.at).toLocaleDateString("en-GB")}`, queue: queue.id }
    : { name: train, queue: null };
}
