// How the parts of the workbench fare, for people, scripts and monitoring (docs/http.md).
import { statSync } from "node:fs";
import { join } from "node:path";
import { count } from "drizzle-orm";
import { z } from "zod";
import { disk } from "../../common/disk";
import { dataFolder } from "../../common/env";
import { type RunStatus, runStatuses } from "../../spec/run-status";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { isAlive, lastBeat } from "../runs/runner-alive";
import { conditionAt } from "./condition";

export const health = z.object({
  ok: z.literal(true),
  runs: z.number(),
  queue: z.object({ queued: z.number(), running: z.number() }),
  runner: z.object({ alive: z.boolean(), beatAgeMs: z.number().nullable() }),
  /** Bytes on the disk of the data folder. */
  disk: z.object({ free: z.number(), size: z.number() }),
  /** Bytes, with the journals. */
  databases: z.object({ app: z.number(), metrics: z.number() }),
  /** What keeps it from its work for now, in a sentence. */
  condition: z.string().nullable(),
});
export type Health = Omit<z.infer<typeof health>, "ok">;

export function healthAt(now: number): Health {
  const at = lastBeat();
  const { queued, running, ...ended } = runsByStatus();
  return {
    runs: Object.values(ended).reduce((sum, count) => sum + count, queued + running),
    queue: { queued, running },
    runner: { alive: isAlive(at, now), beatAgeMs: at === null ? null : now - at },
    disk: disk(),
    databases: { app: bytesOf("app.db"), metrics: bytesOf("metrics.db") },
    condition: conditionAt(now),
  };
}

export function runsByStatus(): Record<RunStatus, number> {
  const counted = appDb().select({ status: runs.status, count: count() }).from(runs).groupBy(runs.status).all();
  const none = Object.fromEntries(runStatuses.map((status) => [status, 0])) as Record<RunStatus, number>;
  return { ...none, ...Object.fromEntries(counted.map(({ status, count }) => [status, count])) };
}

const bytesOf = (file: string): number =>
  ["", "-wal"]
    .map((ending) => statSync(join(dataFolder(), `${file}${ending}`), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size);
