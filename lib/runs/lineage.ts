// Where a run comes from and what came of it: data → reward model → policy → the next run.
import "server-only";
import { and, asc, eq, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import { seenRuns } from "../access/hidden-runs";
import { appDb } from "../db/client";
import { type Run, runs } from "../db/tables/runs";
import { dataName, dataPage } from "./data-source";
import { folderOf } from "./folder";
import { withRuns } from "./references";
import type { Lineage, RunName } from "./run-schema";

export function lineageOf(run: Run): Lineage {
  const { train } = run.config.data;
  const folder = folderOf(run);
  const names = (text: string) => sql`instr(${runs.config}, ${text}) > 0`;
  const [parent] = run.parentRun === null ? [] : others(run, eq(runs.id, run.parentRun));
  const name = dataName(train);
  return {
    data: name === null ? null : { name, queue: dataPage(train) },
    parent: parent ? { ...parent, step: run.parentStep } : null,
    uses: others(run, inArray(runs.id, withRuns(run.config).uses)),
    usedBy: others(run, or(eq(runs.parentRun, run.id), names(`${folder}"`), names(`${folder}/`))),
    sweep: run.sweep === null ? [] : sweepOf(run.sweep),
  };
}

const others = (run: Run, which: SQL | undefined): RunName[] =>
  seenRuns(
    appDb()
      .select({ id: runs.id, name: runs.name, status: runs.status })
      .from(runs)
      .where(and(ne(runs.id, run.id), which))
      .orderBy(asc(runs.createdAt))
      .all(),
  );

const sweepOf = (sweep: string): string[] =>
  seenRuns(appDb().select({ id: runs.id }).from(runs).where(eq(runs.sweep, sweep)).all()).map(({ id }) => id);
