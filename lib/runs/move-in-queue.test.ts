import { beforeEach, expect, test } from "vitest";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { leases, runs } from "../db/tables/runs";
import { claimRun, release } from "../runner/claim";
import { changeRuns } from "./change-runs";
import { listRuns } from "./list-runs";
import { moveInQueue } from "./move-in-queue";

freshDatabase();
beforeEach(() => {
  appDb().delete(leases).run();
  appDb().delete(runs).run();
});

const places = () =>
  listRuns()
    .filter(({ place }) => place !== null)
    .toSorted((a, b) => a.place! - b.place!)
    .map(({ id }) => id);
const claimed = (now = 100) => claimRun("a", () => now)?.run.id;

test("U38: queued runs are moved, are started in that order, and one that is launched later comes last", () => {
  for (const [i, id] of ["a", "b", "c"].entries()) seedRun(id, i === 0 ? 1 : 2); // b and c in the same millisecond
  moveInQueue("c", "move-first");
  expect(places()).toEqual(["c", "a", "b"]);
  moveInQueue("c", "move-down");
  moveInQueue("b", "move-up");
  expect(places()).toEqual(["a", "b", "c"]);
  moveInQueue("a", "move-up"); // it is first already
  moveInQueue("c", "move-down"); // and this one last
  expect(places()).toEqual(["a", "b", "c"]);
  moveInQueue("c", 0); // the first place
  expect(places()).toEqual(["c", "a", "b"]);
  moveInQueue("c", 9); // the last one, however many there are
  expect(places()).toEqual(["a", "b", "c"]);
  moveInQueue("c", "move-up");
  seedRun("late", 50);
  expect([claimed(), claimed(), claimed(), claimed()]).toEqual(["a", "c", "b", "late"]);
  expect(() => moveInQueue("late", "move-first")).toThrow("late is running; only a queued run can be moved.");
});

test("U38: a run that a restart interrupted goes on before those that were moved while it trained", () => {
  for (const [i, id] of ["at work", "b", "c"].entries()) seedRun(id, i);
  expect(claimed()).toBe("at work");
  moveInQueue("c", "move-first");
  release({ runId: "at work", attempt: 1, owner: "a" }, { status: "queued", error: null, now: 100 });
  expect(places()).toEqual(["at work", "c", "b"]);
});

test("U38: a run is not started before its time; others go first until then, and the time can be taken away", () => {
  seedRun("tonight", 1);
  seedRun("now", 2);
  changeRuns(["tonight"], { notBefore: 500 });
  expect(listRuns().find(({ id }) => id === "tonight")).toMatchObject({ place: 1, notBefore: 500 });
  expect(claimed(499)).toBe("now");
  expect(claimed(499)).toBeUndefined();
  expect(claimed(500)).toBe("tonight");
  expect(() => changeRuns(["now"], { notBefore: null })).toThrow("now is running; only a queued run has a start time.");
  seedRun("later", 3);
  changeRuns(["later"], { notBefore: 10_000 });
  changeRuns(["later"], { notBefore: null });
  expect(claimed(600)).toBe("later");
});
