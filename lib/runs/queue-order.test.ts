import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MachineSettings } from "../../spec/machines";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { leases, runs } from "../db/tables/runs";
import { addMachine } from "../machines/machines";
import { claimRun, release } from "../runner/claim";
import { changeRuns } from "./change-runs";
import { launch } from "./launch";
import { moveInQueue } from "./move-in-queue";
import { queuedRuns } from "./queue-order";

freshDatabase();
const [ann, bob] = ["Ann", "Bob"].map(
  (name) => appDb().insert(annotators).values({ name, createdAt: 0 }).returning().get().id,
) as [number, number];
beforeEach(() => {
  appDb().delete(leases).run();
  appDb().delete(runs).run();
});

let clock = 1_000_000;
const config = runConfig.parse({
  ...{ method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: "out" },
}) as RunConfig;
function queue(person: number | null, ...ids: string[]): void {
  clock += 60_000;
  launch(
    ids.map((id) => ({ id, name: id, config, after: [] })),
    {},
    clock,
    person,
  );
}
const order = () => queuedRuns().map(({ id }) => id);
/** Claims the next run and ends it. */
function next(): string {
  const { run, attempt, owner } = claimRun("runner", () => clock)!;
  release({ runId: run.id, attempt, owner }, { status: "finished", error: null, now: clock });
  return run.id;
}

test("one person's runs train in the order of their launch", () => {
  queue(ann, "a1", "a2");
  queue(ann, "a3");
  expect([next(), next(), next()]).toEqual(["a1", "a2", "a3"]);
});

test("who launches after somebody's many runs takes turns with them, run by run", () => {
  queue(ann, "a1", "a2", "a3", "a4", "a5");
  expect([next(), next()]).toEqual(["a1", "a2"]);
  queue(bob, "b1", "b2");
  queue(null, "script");
  expect(order()).toEqual(["a3", "b1", "script", "a4", "b2", "a5"]);
  expect(next()).toBe("a3");
  queue(bob, "b3"); // after his own
  expect(order()).toEqual(["b1", "script", "a4", "b2", "a5", "b3"]);
});

test("of two who always have runs waiting each gets every other one, whoever launched how many at a time", () => {
  const batch = fc.record({ ann: fc.boolean(), count: fc.integer({ min: 1, max: 6 }) });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
      appDb().delete(leases).run();
      appDb().delete(runs).run();
      let made = 0;
      const add = (person: number, count: number) =>
        queue(person, ...Array.from({ length: count }, () => `${person === ann ? "a" : "b"}${made++}`));
      add(ann, 12);
      add(bob, 12);
      const taken: string[] = [];
      for (const { ann: isAnn, count } of [...batches, { ann: true, count: 1 }]) {
        taken.push(next()[0]!);
        add(isAnn ? ann : bob, count);
      }
      for (let i = 0; i < 4; i++) taken.push(next()[0]!);
      const difference = taken.filter((who) => who === "a").length - taken.filter((who) => who === "b").length;
      expect(Math.abs(difference)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});

test("high priority goes before all others and low after them; a moved run takes the priority of its new neighbours", () => {
  queue(ann, "a1", "a2", "a3");
  changeRuns(["a3"], { priority: "high" });
  changeRuns(["a1"], { priority: "low" });
  expect(order()).toEqual(["a3", "a2", "a1"]);
  moveInQueue("a1", "move-first");
  expect(order()).toEqual(["a1", "a3", "a2"]);
  moveInQueue("a3", "move-down");
  expect(order()).toEqual(["a1", "a2", "a3"]);
  expect(queuedRuns().map(({ priority }) => priority)).toEqual(["high", "normal", "normal"]);
  expect([next(), next(), next()]).toEqual(["a1", "a2", "a3"]);
  expect(() => changeRuns(["a1"], { priority: "high" })).toThrow("a1 is finished; only a queued run has a priority.");
});

test("nothing overtakes the first run that waits for memory here; what it needs is what it was queued with", () => {
  clock += 1;
  const planned = [7.2, 1].map((memory, i) => ({ id: `m${i}`, name: `m${i}`, config, after: [], memory }));
  launch(planned, {}, clock, ann);
  const claimed = (free: number) =>
    claimRun(
      "runner",
      () => clock,
      (memory) => memory! <= free,
    )?.run.id;
  expect([claimed(7), claimed(8), claimed(0), claimed(1)]).toEqual([undefined, "m0", undefined, "m1"]);
  expect(appDb().select().from(runs).where(eq(runs.id, "m0")).get()!.memory).toBe(8);
});

test("a run of high priority, or for another machine, moves nobody's turn among the others", () => {
  queue(ann, "a1", "a2", "a3");
  clock += 1;
  launch([{ id: "high", name: "high", config, after: [] }], { priority: "high" }, clock, ann);
  expect(next()).toBe("high");
  addMachine({ name: "cluster", runsAtOnce: 9, settings: { kind: "command" } as MachineSettings }, 0);
  clock += 1;
  const there = { ...config, machine: "cluster" };
  launch(
    [4, 5, 6].map((i) => ({ id: `c${i}`, name: `c${i}`, config: there, after: [] })),
    {},
    clock,
    ann,
  );
  for (const _ of [4, 5, 6])
    claimRun(
      "runner",
      () => clock,
      () => false,
    );
  queue(bob, "b1");
  expect(order()).toEqual(["a1", "b1", "a2", "a3"]);
});

test("a move within a priority leaves the turns of the others as they are: who launches later comes after them", () => {
  queue(ann, "a1", "a2", "a3");
  clock += 1;
  launch([{ id: "high", name: "high", config, after: [] }], { priority: "high" }, clock, ann);
  const before = queuedRuns().map(({ turn }) => turn);
  moveInQueue("a3", "move-up");
  expect(queuedRuns().map(({ turn }) => turn)).toEqual(before);
  expect(order()).toEqual(["high", "a1", "a3", "a2"]);
});

test("a run that is held has no place in the queue, and says so", () => {
  queue(ann, "a1", "held");
  appDb().update(runs).set({ held: true }).where(eq(runs.id, "held")).run();
  expect(order()).toEqual(["a1"]);
  expect(() => moveInQueue("held", "move-first")).toThrow("held is held until others of its sweep do worse");
});
