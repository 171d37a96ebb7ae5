import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { machineSettings } from "../../spec/machines";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { addMachine } from "../machines/machines";
import { LeaseLost, recordCheckpoint } from "../runs/attempts";
import { beat, claimRun, type Holder, leaseMs, recordJob, release } from "./claim";

freshDatabase();
let clock = 0;
const now = () => clock;
beforeEach(() => {
  appDb().delete(leases).run();
  appDb().delete(runs).run();
  clock = 1_000_000;
});
const status = (id: string) => appDb().select().from(runs).where(eq(runs.id, id)).get()!.status;

test("the oldest waiting run goes to exactly one of two runners", () => {
  seedRun("younger", 2);
  seedRun("older", 1);
  expect(claimRun("a", now)).toMatchObject({ run: { id: "older" }, attempt: 1 });
  expect(claimRun("b", now)).toMatchObject({ run: { id: "younger" }, attempt: 1 });
  expect(claimRun("c", now)).toBeNull();
  expect(status("older")).toBe("running");
});

test("a lapsed lease is taken over, and the runner that slept finds it gone", () => {
  seedRun("lapse");
  expect(claimRun("a", now)!.attempt).toBe(1);
  clock += leaseMs - 1;
  expect(claimRun("b", now)).toBeNull();
  expect(beat({ runId: "lapse", attempt: 1, owner: "a" }, clock)).toBe(true);
  clock += leaseMs + 1;
  expect(claimRun("b", now)!.attempt).toBe(2);
  expect(beat({ runId: "lapse", attempt: 1, owner: "a" }, clock)).toBe(false);
  expect(
    release({ runId: "lapse", attempt: 1, owner: "a" }, { status: "failed", error: "too late", now: clock }),
  ).toBeNull();
  expect(status("lapse")).toBe("running");
});

test("a stale attempt writes no point and no checkpoint", () => {
  seedRun("fence");
  claimRun("a", now);
  const [old, fresh] = [1, 2].map((attempt) => ({ runId: "fence", attempt })) as [
    { runId: string; attempt: number },
    { runId: string; attempt: number },
  ];
  beginAttempt(old, 0);
  appendPoint(old, { step: 1, loss: 1 }, clock);
  clock += leaseMs + 1;
  claimRun("b", now);
  beginAttempt(fresh, 0);
  expect(() => appendPoint(old, { step: 2, loss: 1 }, clock)).toThrow(LeaseLost);
  expect(() => recordCheckpoint(old, { step: 2, folder: "x", manifestHash: "y" }, clock)).toThrow(LeaseLost);
  appendPoint(fresh, { step: 1, loss: 2 }, clock);
});

test("runs for other machines wait for room there, not for a run that trains here", () => {
  const settings = machineSettings.parse({ kind: "command", submit: "true", state: "true", cancel: "true" });
  addMachine({ name: "cluster", runsAtOnce: 2, settings }, 0);
  for (const [i, id] of ["here", "also-here", "first", "second", "third"].entries()) {
    seedRun(id, i);
    if (i > 1) appDb().run(sql`UPDATE runs SET config = json_set(config, '$.machine', 'cluster') WHERE id = ${id}`);
  }
  const claimed = (here: boolean) => claimRun("a", now, () => here)?.run.id;
  expect([claimed(true), claimed(false), claimed(false), claimed(false)]).toEqual([
    "here",
    "first",
    "second",
    undefined,
  ]);
  release({ runId: "first", attempt: 1, owner: "a" }, { status: "finished", error: null, now: clock });
  expect(claimed(false)).toBe("third");
});

test("a run that was claimed for another machine and never submitted is taken up again where it was the only one that fits", () => {
  const settings = machineSettings.parse({ kind: "command", submit: "true", state: "true", cancel: "true" });
  addMachine({ name: "narrow", runsAtOnce: 1, settings }, 0);
  for (const [i, id] of ["claimed", "behind"].entries()) {
    seedRun(id, i);
    appDb().run(sql`UPDATE runs SET config = json_set(config, '$.machine', 'narrow') WHERE id = ${id}`);
  }
  expect(claimRun("a", now)?.run.id).toBe("claimed");
  expect(claimRun("b", now)).toBeNull();
  clock += leaseMs + 1;
  expect(claimRun("b", now)).toMatchObject({ run: { id: "claimed" }, attempt: 2, job: null });
  expect(claimRun("c", now)).toBeNull();
});

test("a job at work is taken up as it is, before anything else and however full its machine, also where Stop was asked meanwhile", () => {
  seedRun("older", 1);
  seedRun("job", 2);
  appDb().run(sql`UPDATE runs SET config = json_set(config, '$.machine', 'cluster') WHERE id = 'job'`);
  expect(claimRun("a", now, () => false)).toMatchObject({ run: { id: "job" }, attempt: 1, job: null });
  recordJob({ runId: "job", attempt: 1, owner: "a" }, "17");
  appDb().update(runs).set({ requested: "stop" }).where(eq(runs.id, "job")).run();
  clock += leaseMs + 1;
  expect(claimRun("b", now)).toMatchObject({ run: { id: "job", requested: "stop" }, attempt: 1, job: "17" });
  release({ runId: "job", attempt: 1, owner: "b" }, { status: "stopped", error: null, now: clock });
  appDb().update(runs).set({ status: "queued" }).where(eq(runs.id, "job")).run();
  expect(claimRun("b", now, () => false)).toMatchObject({ run: { id: "job" }, attempt: 2, job: null });
});

test("a runner that slept while another took up its job finds it gone, though the attempt is the same", () => {
  seedRun("slept");
  const [asleep, awake] = ["a", "b"].map((owner) => ({ runId: "slept", attempt: 1, owner })) as [Holder, Holder];
  claimRun("a", now);
  recordJob(asleep, "17");
  clock += leaseMs + 1;
  expect(claimRun("b", now)).toMatchObject({ attempt: 1, job: "17" });
  expect(beat(asleep, clock)).toBe(false);
  expect(release(asleep, { status: "failed", error: "too late", now: clock })).toBeNull();
  expect(beat(awake, clock)).toBe(true);
  expect(status("slept")).toBe("running");
});

test("a runner whose machine slept goes on with the job that it follows, and does not take it up a second time", () => {
  seedRun("own");
  const own = { runId: "own", attempt: 1, owner: "a" };
  claimRun("a", now);
  recordJob(own, "17");
  clock += leaseMs + 1;
  expect(claimRun("a", now)).toBeNull();
  expect(beat(own, clock)).toBe(true);
});
