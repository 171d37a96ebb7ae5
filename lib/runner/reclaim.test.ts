import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { checkpoints, leases, runs } from "../db/tables/runs";
import { checkpointsOf } from "../runs/attempts";
import { hasEnded, thisProcess } from "../this-process";
import { claimRun } from "./claim";
import { reclaim } from "./reclaim";

const folder = freshDatabase();
const children: ChildProcess[] = [];
afterEach(() => {
  children.forEach((child) => void child.kill("SIGKILL"));
  for (const { pid } of appDb().select().from(leases).all()) if (pid !== null) kill(pid);
  for (const table of [leases, checkpoints, runs]) appDb().delete(table).run();
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

function startRunner(): ChildProcess {
  const child = spawn(process.execPath, ["scripts/program.mjs", "test/toy-runner.ts"], {
    env: { ...process.env, WORKBENCH_DATA: folder },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(child);
  return child;
}

const leaseOf = (id: string) => appDb().select().from(leases).where(eq(leases.runId, id)).get();
const linesOf = (id: string) =>
  readFileSync(join(runFolder(id), "events-1.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; step?: number });

/** A run in hand whose runner is then killed, and one that waits; the pid of the trainer. */
async function runnerKilled(id: string, next: string): Promise<number> {
  for (const [at, name] of [id, next].entries()) {
    seedRun(name, at);
    const config = { ...appDb().select().from(runs).where(eq(runs.id, name)).get()!.config, maxSteps: 100_000 };
    appDb()
      .update(runs)
      .set({ config: config as never })
      .where(eq(runs.id, name))
      .run();
  }
  const runner = startRunner();
  await vi.waitFor(() => expect(checkpointsOf(id).length).toBeGreaterThan(0), { timeout: 60_000, interval: 100 });
  const ended = once(runner, "exit");
  runner.kill("SIGKILL");
  await ended;
  return leaseOf(id)!.pid!;
}

/** The run that a new runner takes up first. */
async function takenUp(id: string, next: string): Promise<string> {
  startRunner();
  const first = () => (leaseOf(id)?.attempt === 2 ? id : leaseOf(next) ? next : null);
  await vi.waitFor(() => expect(first()).not.toBeNull(), { timeout: 60_000, interval: 20 });
  return first()!;
}

test("F4: a run that was killed with its runner goes on with the next runner, before any run that waits behind it", async () => {
  kill(await runnerKilled("in-hand", "behind"));
  expect(await takenUp("in-hand", "behind")).toBe("in-hand");
}, 120_000);

test("F4: a trainer that outlives its runner saves the step in hand first, and its run goes on from there", async () => {
  await runnerKilled("orphaned", "waiting");
  expect(await takenUp("orphaned", "waiting")).toBe("orphaned");
  const last = linesOf("orphaned").findLast(({ event }) => event === "metrics")!.step;
  expect(linesOf("orphaned").at(-1)).toMatchObject({ event: "finished" });
  await vi.waitFor(
    () => expect(checkpointsOf("orphaned").find(({ attempt }) => attempt === 1)).toMatchObject({ step: last }),
    { timeout: 60_000 },
  );
}, 120_000);

test("a process is known to have ended by its number, when it began and the machine's start; one of another container is not judged", () => {
  const [pid, began, namespace, boot] = thisProcess().split(" ");
  const named = (...parts: (string | undefined)[]) => hasEnded(parts.join(" "));
  expect(named(pid, began, namespace, boot)).toBe(false);
  expect(named(pid, "1", namespace, boot)).toBe(true); // its number was given again
  expect(named("4194304", began, namespace, boot)).toBe(true); // no process has a higher number than 4194303
  expect(named(pid, began, namespace, "another-boot")).toBe(true);
  expect(named(pid, "1", "pid:[1]", boot)).toBe(false);
  expect(named(`${pid}-7f3c`)).toBe(false); // of an older version
});

test("of two runs of a runner that is gone the one whose trainer still saves stays its own", async () => {
  for (const [at, name] of ["ended", "saving"].entries()) seedRun(name, at);
  const gone = thisProcess().replace(/\d+/, "999999"); // no process has that number
  for (const _ of [1, 2]) claimRun(gone, Date.now);
  const saves = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('deaf to signals')";
  const trainer = spawn(process.execPath, ["-e", saves, "--", runFolder("saving"), "1"]);
  children.push(trainer);
  await once(trainer.stdout, "data");
  appDb().update(leases).set({ pid: trainer.pid! }).where(eq(leases.runId, "saving")).run();
  expect([reclaim(Date.now()), reclaim(Date.now())]).toEqual([true, true]);
  expect(leaseOf("ended")!.expiresAt).toBe(0);
  expect(leaseOf("saving")!.expiresAt).toBeGreaterThan(Date.now());
});
