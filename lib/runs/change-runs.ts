// What people write on runs: names, tags, a remark; which they have put away, when queued ones may start and which go first, and where they go on.
import "server-only";
import { eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Run, runs } from "../db/tables/runs";
import { machineNamed } from "../machines/machines";
import { turnBefore } from "./queue-order";
import { requireRun } from "./require-run";
import type { RunChange } from "./run-schema";

/** It is saved, and both machines read the folder that it is saved in. */
function requireMovable({ name, status, origin }: Run, machine: string | null): void {
  if (origin !== null) throw new AppError(409, `${name} was imported; only a run of this workbench can be moved.`);
  if (status === "running") throw new AppError(409, `${name} is running: stop it, move it, then resume it.`);
  if (status === "finished") throw new AppError(409, `${name} is finished: nothing of it is left to train.`);
  if (machine !== null) machineNamed(machine);
}

/** `adding`: tags are added to those that each run has. */
export function changeRuns(ids: string[], { archived, tags, machine, ...change }: RunChange, adding = false): void {
  appDb().transaction((tx) => {
    for (const id of ids) {
      const run = requireRun(id);
      if (change.notBefore !== undefined && run.status !== "queued")
        throw new AppError(409, `${run.name} is ${run.status}; only a queued run has a start time.`);
      if (change.priority !== undefined && run.status !== "queued")
        throw new AppError(409, `${run.name} is ${run.status}; only a queued run has a priority.`);
      if (machine !== undefined) requireMovable(run, machine);
      const isMoved = machine !== undefined || change.priority !== undefined;
      const line = {
        startedBy: run.startedBy,
        priority: change.priority ?? run.priority,
        machine: machine === undefined ? (run.config.machine ?? null) : machine,
      };
      const kept = adding ? run.tags : [];
      const set = {
        ...change,
        ...(tags && { tags: [...new Set([...kept, ...tags])] }),
        ...(isMoved && { turn: 1 + turnBefore(line, Date.now()) }),
        ...(machine !== undefined && { config: { ...run.config, machine } as Run["config"] }),
        ...(archived !== undefined && { archivedAt: archived ? (run.archivedAt ?? Date.now()) : null }),
      };
      if (Object.keys(set).length > 0) tx.update(runs).set(set).where(eq(runs.id, id)).run();
    }
  });
}
