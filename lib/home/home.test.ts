import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { homeOf } from "./home";

const hour = 3_600_000;
const now = 100 * hour;
let [older, newer, done] = [0, 0, 0];

beforeAll(() => {
  freshDatabase();
  older = seedQueue(4, 2, "older");
  done = seedQueue(1, 0, "done");
  newer = seedQueue(3, 0, "newer");
});

/** Votes of the first annotator, a second each but the last, which took a minute. */
function annotate(dataset: number, count: number): void {
  for (const [i, { id }] of takeTasks(1, dataset, count, 0).entries()) {
    const activeMs = i === count - 1 ? 60_000 : 1000;
    judge(1, { key: `${dataset}/${i}`, itemId: id, choice: { kind: "left", strength: 1 }, activeMs }, now - hour);
  }
}

test("U40: Home goes on with the dataset annotated last that is not finished, at the median pace there, and lists finished ones last", () => {
  expect(homeOf(1, now).next).toMatchObject({ dataset: { id: older }, paceMs: null });
  annotate(older, 3);
  annotate(done, 1);
  const home = homeOf(1, now);
  expect(home.next).toMatchObject({ dataset: { id: older }, paceMs: 1000 });
  expect(home.datasets.map(({ id }) => id)).toEqual([newer, older, done]);
  expect(home.steps).toMatchObject({ annotated: 4, started: false });
  expect(home.activities.map(({ who, did, what }) => [who, did, what])).toEqual([
    ["rater 1", "annotated 3 records of", "older"],
    ["rater 1", "annotated 1 record of", "done"],
  ]);
});

test("runs that are archived are neither listed nor counted on Home", () => {
  const before = homeOf(1, now);
  seedRun("run away", 99);
  appDb().update(runs).set({ archivedAt: now }).where(eq(runs.id, "run away")).run();
  const after = homeOf(1, now);
  expect([after.runCount, after.runs]).toEqual([before.runCount, before.runs]);
});

test("U40: the run that trains leads, then what failed today, however many wait; of those the first is next", () => {
  for (let i = 0; i < 9; i++) seedRun(`run ${i}`, i);
  const set = (id: string, values: Partial<typeof runs.$inferInsert>) =>
    appDb().update(runs).set(values).where(eq(runs.id, id)).run();
  set("run 0", { status: "failed", finishedAt: now - 2 * hour, error: "no memory" });
  set("run 1", { status: "running", startedAt: now - hour });
  set("run 2", { status: "failed", finishedAt: now - 50 * hour });
  const home = homeOf(1, now);
  expect(home.runs.map(({ id }) => id)).toEqual(["run 1", "run 0", "run 8", "run 7", "run 6"]);
  expect(home.runCount).toBe(9);
  expect(home.jobs.map(({ id, status }) => [id, status]).slice(0, 3)).toEqual([
    ["run 1", "running"],
    ["run 3", "queued"],
    ["run 4", "queued"],
  ]);
  expect(home.activities[0]).toMatchObject({ kind: "annotations", at: now - hour });
  expect(home.activities.filter(({ kind }) => kind === "run").map(({ what }) => what)).toEqual(["run 0", "run 2"]);
});
