import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { LeaseLost, recordCheckpoint } from "../runs/attempts";
import { beat, claimRun, leaseMs, release } from "./claim";

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
  expect(beat("lapse", 1, clock)).toBe(true);
  clock += leaseMs + 1;
  expect(claimRun("b", now)!.attempt).toBe(2);
  expect(beat("lapse", 1, clock)).toBe(false);
  expect(release({ runId: "lapse", attempt: 1, status: "failed", error: "too late", now: clock })).toBeNull();
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
