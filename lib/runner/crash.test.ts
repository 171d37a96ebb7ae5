// Runner and trainer killed at random moments, dozens of times: what is stored in the end is what one undisturbed run stores.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { runFolder } from "../../common/env";
import { createRandom } from "../../common/random";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb, metricsDb } from "../db/client";
import { logLines } from "../db/metrics-schema";
import { checkpoints, leases, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { requestResume } from "../runs/stop-and-resume";

const kills = 12;
const steps = 7_000; // not done before the last kill
const id = "crashed";

const folder = freshDatabase();
const statusOf = () => appDb().select().from(runs).where(eq(runs.id, id)).get()!.status;
const eventsOf = (attempt: number) => join(runFolder(id), `events-${attempt}.ndjson`);
const leaseOf = () => appDb().select().from(leases).where(eq(leases.runId, id)).get();
let runner: ChildProcess | null = null;

function startRunner(): ChildProcess {
  return spawn(process.execPath, ["scripts/program.mjs", "test/toy-runner.ts"], {
    env: { ...process.env, WORKBENCH_DATA: folder },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function kill(pid: number | undefined | null): void {
  try {
    if (pid) process.kill(pid, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

/** Its lease lapses at once, as it does half a minute after a runner's end. */
async function killRunner(): Promise<void> {
  const ended = new Promise((resolve) => runner!.once("exit", resolve));
  runner!.kill("SIGKILL");
  await ended;
  appDb().update(leases).set({ expiresAt: 0 }).where(eq(leases.runId, id)).run();
  runner = startRunner();
}

test("kill -9 of runner and trainer at random moments loses no point and records none twice", {
  tags: "long",
  timeout: 900_000,
}, async () => {
  seedRun(id);
  const config = appDb().select().from(runs).where(eq(runs.id, id)).get()!.config;
  appDb()
    .update(runs)
    .set({ config: { ...config, maxSteps: steps, output: runFolder(id) } as typeof config })
    .where(eq(runs.id, id))
    .run();
  const random = createRandom(7, "kills");
  runner = startRunner();
  let killed = 0;
  const orphaned = new Set<number>();
  const pids = new Set<number>();
  let lastKilled = 0;
  while (statusOf() !== "finished") {
    await wait(20);
    if (statusOf() === "failed") requestResume(id); // three kills in a row end a run
    const { pid, attempt, expiresAt } = leaseOf() ?? {};
    if (killed === kills || !pid || expiresAt === 0 || !existsSync(eventsOf(attempt!)) || attempt === lastKilled)
      continue;
    await wait(300 * random());
    for (const older of pids) kill(older); // trainers that outlived their runner, up to here
    pids.clear();
    pids.add(pid);
    const which = random();
    if (which < 0.85) kill(pid);
    if (which > 0.7) {
      if (which >= 0.85) orphaned.add(attempt!); // its trainer goes on, and nobody listens
      await killRunner();
    }
    lastKilled = attempt!;
    killed++;
  }
  runner.kill("SIGTERM");
  for (const pid of pids) kill(pid);
  expect(killed).toBe(kills);

  const expected = Array.from({ length: steps }, (_, i) => ({
    step: i + 1,
    loss: Math.sin(i + 1) / (i + 1),
    grad_norm: 1 / (i + 1),
  }));
  expect([...rowsOf(id)]).toEqual(expected);
  const saved = appDb().select().from(checkpoints).where(eq(checkpoints.runId, id)).all();
  expect(new Set(saved.map(({ step }) => step)).size).toBe(steps / 10);
  for (const { folder } of saved) expect(existsSync(join(folder, "manifest.json"))).toBe(true);

  const said = metricsDb().select().from(logLines).where(eq(logLines.runId, id)).all();
  const { attempt: last } = leaseOf()!;
  for (let attempt = 1; attempt <= last; attempt++) {
    const file = eventsOf(attempt);
    const written = existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as { event: string; text: string })
          .filter(({ event }) => event === "note")
          .map(({ text }) => text)
      : [];
    const stored = said
      .filter((line) => line.attempt === attempt && line.text.startsWith("step "))
      .map(({ text }) => text);
    expect(stored).toEqual(orphaned.has(attempt) ? written.slice(0, stored.length) : written);
  }
});
