// Real runs on the tiny model, by jobs of a queue of shell scripts: each is compared with the same run as a child of the runner.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { type RunConfig, runConfig } from "../../spec/config";
import { freshDatabase } from "../../test/database";
import { fewReviews } from "../../test/few-reviews";
import { toyMachine } from "../../test/toy-machine";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { rowsOf } from "../history/metric-rows";
import { addMachine } from "../machines/machines";
import { checkpointsOf } from "../runs/attempts";
import { spawnTrainer, type Trainer } from "./child";
import { claimRun } from "./claim";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
freshDatabase();
const toy = toyMachine();

function queue(id: string, machine: string | null, maxSteps = long): void {
  const described = {
    method: "dpo",
    model: { source: "tiny" },
    data: { train: fewReviews(), maxLength: 48 },
    batchSize: 2,
    maxSteps,
    saveEvery: 10,
    optimizer: { schedule: "constant" },
    ...{ machine, output: runFolder(id) },
  };
  const config = runConfig.parse(described) as RunConfig;
  appDb().insert(runs).values({ id, name: id, method: "dpo", config, status: "queued", createdAt: 0 }).run();
}
/** More steps than can be taken before a test asks for something, however late it is served. */
const long = 100_000;

const row = (id: string) => appDb().select().from(runs).where(eq(runs.id, id)).get()!;
const jobOf = (id: string) => appDb().select().from(leases).where(eq(leases.runId, id)).get()?.job ?? null;
const lossesOf = (id: string) => [...rowsOf(id)].map(({ loss }) => loss!);
const soon = (check: () => void) => vi.waitFor(check, { timeout: 120_000, interval: 50 });
const hasSteps = (id: string, least: number) => soon(() => expect(lossesOf(id).length).toBeGreaterThanOrEqual(least));
const ask = (id: string, requested: "stop" | "stop-now") =>
  appDb().update(runs).set({ requested }).where(eq(runs.id, id)).run();
const again = (id: string) => appDb().update(runs).set({ status: "queued" }).where(eq(runs.id, id)).run();
const start = (): Trainer => spawnTrainer(claimRun("test", Date.now)!, () => false);
async function stop(id: string, ended: Promise<void>) {
  ask(id, "stop");
  await ended;
  expect(row(id)).toMatchObject({ status: "stopped", error: null });
  expect(checkpointsOf(id)[0]!.step).toBe(lossesOf(id).length);
}
async function expectLossesOfChild(id: string) {
  queue(`${id}-here`, null, lossesOf(id).length);
  await start().ended;
  expect(lossesOf(id)).toEqual(lossesOf(`${id}-here`));
}

beforeAll(() => addMachine({ name: "cluster", runsAtOnce: 2, settings: toy.settings }, 0));
afterAll(() => toy.lift());

test("a job that its scheduler starts anew goes on from its last checkpoint, as the same attempt", {
  tags: "long",
}, async () => {
  queue("requeued", "cluster");
  const { ended } = start();
  await hasSteps("requeued", 12);
  const job = jobOf("requeued")!;
  toy.kill(job);
  const killed = lossesOf("requeued").length;
  toy.requeue(job);
  await hasSteps("requeued", killed + 20);
  await stop("requeued", ended);
  await expectLossesOfChild("requeued");
  const events = readFileSync(join(runFolder("requeued"), "events-1.ndjson"), "utf8")
    .trim()
    .split("\n");
  const begun = events.map((line) => JSON.parse(line)).filter(({ event }) => event === "started");
  expect(begun.map(({ step }) => step)).toEqual([0, expect.toSatisfy((step) => step >= 10 && step % 10 === 0)]);
});

test("Stop saves a job's step in hand, Resume goes on from it", { tags: "long" }, async () => {
  queue("stopped", "cluster");
  const { ended } = start();
  await hasSteps("stopped", 5);
  await stop("stopped", ended);
  const stopped = lossesOf("stopped").length;
  again("stopped");
  const resumed = start();
  await hasSteps("stopped", stopped + 5);
  await stop("stopped", resumed.ended);
  await expectLossesOfChild("stopped");
});

test("a job outlives its runner: the next one finds it at work, and its losses are those of a child", async () => {
  queue("adopted", "cluster");
  const first = start();
  await hasSteps("adopted", 1);
  first.shutDown();
  await first.ended;
  const job = jobOf("adopted");
  appDb().update(leases).set({ expiresAt: 0 }).run(); // as lib/runner/reclaim.ts does for a runner that is gone
  const claim = claimRun("another", Date.now)!;
  expect(claim).toMatchObject({ attempt: 1, job });
  const { ended } = spawnTrainer(claim, () => false);
  await hasSteps("adopted", lossesOf("adopted").length + 5);
  await stop("adopted", ended);
  await expectLossesOfChild("adopted");
});

test("Stop saves a job's step in hand also where its scheduler does not answer the runner that took it up", {
  tags: "long",
}, async () => {
  queue("cut-off", "cluster");
  const first = start();
  await hasSteps("cut-off", 5);
  first.shutDown();
  await first.ended;
  toy.cutOff();
  appDb().update(leases).set({ expiresAt: 0 }).run();
  const { ended } = spawnTrainer(claimRun("another", Date.now)!, () => false);
  await stop("cut-off", ended);
  toy.answer();
});

test("Stop now ends a job at once also where its scheduler does not answer", async () => {
  queue("at-once", "cluster");
  const { ended } = start();
  await hasSteps("at-once", 5);
  const job = jobOf("at-once")!;
  toy.cutOff();
  ask("at-once", "stop-now");
  await ended;
  toy.answer();
  expect(row("at-once")).toMatchObject({ status: "stopped", error: null });
  await soon(() => expect(toy.statusOf(job)).not.toBeNull());
});

test("of two jobs of which the scheduler told of one, that one trains, and the other ends as soon as it begins", {
  tags: "long",
}, async () => {
  const earlier = toy.jobs();
  toy.hold();
  toy.mute();
  queue("untold", "cluster", 60);
  const { ended } = start();
  await soon(() => expect(row("untold").note).toBe("waiting for cluster: sh: Connection timed out"));
  toy.answer();
  await soon(() => expect(jobOf("untold")).not.toBeNull());
  toy.lift();
  await ended;
  expect(row("untold")).toMatchObject({ status: "finished", error: null });
  await expectLossesOfChild("untold");
  const others = toy.jobs().filter((job) => !earlier.includes(job) && toy.statusOf(job) !== null);
  expect(others.map(toy.statusOf)).toEqual(others.map(() => 0));
  expect(others.length).toBeGreaterThan(1);
  const begun = readFileSync(join(runFolder("untold"), "events-1.ndjson"), "utf8").match(/"event":"started"/g);
  expect(begun).toHaveLength(1);
});

test("a job that waits says so on the run's page, and Stop takes it back at once", async () => {
  toy.hold();
  queue("waits", "cluster");
  const { ended } = start();
  await soon(() => expect(row("waits").note).toMatch(/^job \d+ on cluster: .*hold to be lifted/));
  ask("waits", "stop");
  await ended;
  expect(row("waits")).toMatchObject({ status: "stopped", error: null });
  toy.lift();
});
