// Runs whose runner was killed do not wait for the end of its lease.
import { readFileSync } from "node:fs";
import { and, eq, gt } from "drizzle-orm";
import { retryOnBusy } from "../db/busy";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { log } from "../logging/log";
import { folderOf } from "../runs/folder";
import { hasEnded } from "../this-process";

/**
 * Ends the leases of runners that are gone. A trainer that has outlived its runner saves the step in hand and ends, as it was asked to; its
 * lease stays meanwhile. Returns whether there is one: whoever claims a run now would pass over that one.
 */
export function reclaim(now: number): boolean {
  const held = appDb()
    .select({ lease: leases, run: runs })
    .from(leases)
    .innerJoin(runs, eq(runs.id, leases.runId))
    .where(gt(leases.expiresAt, now))
    .all()
    .filter(({ lease }) => hasEnded(lease.owner));
  let saving = false;
  for (const { lease, run } of held)
    if (lease.pid !== null && isTrainer(lease.pid, [folderOf(run), String(lease.attempt)])) {
      ask(lease.pid);
      saving = true;
    } else end(lease);
  return saving;
}

/** Whether the process was started with these as its last words, as an engine is. */
function isTrainer(pid: number, words: string[]): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith(`\0${words.join("\0")}\0`);
  } catch {
    return false;
  }
}

const asked = new Set<number>();

/** Once: an engine may take a second signal for impatience. */
function ask(pid: number): void {
  if (asked.has(pid)) return;
  asked.add(pid);
  process.kill(pid, "SIGTERM");
}

function end({ runId, owner }: typeof leases.$inferSelect): void {
  const own = and(eq(leases.runId, runId), eq(leases.owner, owner)); // another of its runs may still be saving
  retryOnBusy(() => appDb().update(leases).set({ expiresAt: 0 }).where(own).run());
  log().info({ run: runId }, "a run is taken back: its runner has ended");
}
