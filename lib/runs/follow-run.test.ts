import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { appendPoint, beginAttempt, record } from "../../test/attempts";
import { freshDatabase, seedQueue, seedRun, statementsRun } from "../../test/database";
import { addItems } from "../annotation/items/items";
import { appDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { claimRun } from "../runner/claim";
import { beginHeartbeat } from "../runner/heartbeat";
import { recordCheckpoint, recordNote } from "./attempts";
import { followRun, type News } from "./follow-run";
import { runDetail } from "./run-detail";

let id = "";
let attempt: { runId: string; attempt: number };
beforeAll(() => {
  freshDatabase();
});
let runsMade = 0;
beforeEach(() => {
  id = `followed${runsMade++}`;
  seedRun(id);
  attempt = { runId: id, attempt: claimRun("runner", () => 1000)!.attempt };
  beginAttempt(attempt, 0);
  appendPoint(attempt, { step: 1, loss: 1 }, 1000);
});

function seedChild(child: string): void {
  const { method, config } = appDb().select().from(runs).where(eq(runs.id, id)).get()!;
  appDb()
    .insert(runs)
    .values({ id: child, name: child, method, config, parentRun: id, status: "queued", createdAt: 1 })
    .run();
}

/** What a page is told that looks at both databases, a second time as it may be told of relations that are new. */
const lookAll = (look: () => News[]): News[] => [look(), look(), look(), look()].flat();

test("P2: a page that lies open costs one statement a look, whatever is written of other runs and of labels", () => {
  const look = followRun(id, 0);
  lookAll(look);
  seedRun("other", 1);
  lookAll(look);
  const other = { runId: "other", attempt: claimRun("runner", () => 1000)!.attempt };
  beginAttempt(other, 0);
  const queue = seedQueue(3);
  const writes = [
    () => {},
    () => appendPoint(other, { step: 1, loss: 2 }, 1000),
    () => recordNote(other, "Reading the data"),
    () => addItems(queue, [{ prompt: [{ role: "user", content: "?" }], answers: ["a", "b"], source: "test" }]),
  ];
  for (const write of writes) {
    write();
    for (let i = 0; i < 4; i++) expect(statementsRun(() => expect(look()).toEqual([]))).toBe(1);
  }
});

test("P2: whatever is written of a run, a page that follows it is told, and ends up with what the run's page would show now", () => {
  const look = followRun(id, 0);
  const shown = () => lookAll(look).findLast((news) => news.event === "run");
  expect(shown()).toEqual({ event: "run", data: runDetail(id) });
  const now = Date.now();
  const changes: (() => void)[] = [
    () => appendPoint(attempt, { step: 2, loss: 2, "rewards/margins": 0.5 }, 2000),
    () => appendPoint(attempt, { step: 2, loss: 3 }, 3000),
    () => record(attempt, { event: "alert", rule: "drift", step: 2, measured: "much" }, 2000),
    () => record(attempt, { event: "check", name: "reference", detail: "the same" }, 2000),
    () => recordNote(attempt, "Evaluating"),
    () => recordCheckpoint(attempt, { step: 2, folder: "nowhere", manifestHash: "" }, 2000),
    () => seedChild("child"),
    () => appDb().update(runs).set({ status: "stopped" }).where(eq(runs.id, "child")).run(),
    () => appDb().update(runs).set({ requested: "stop" }).where(eq(runs.id, id)).run(),
    () => appDb().update(runs).set({ status: "finished", finishedAt: 5000 }).where(eq(runs.id, id)).run(),
  ];
  for (const change of changes) {
    const before = JSON.stringify(runDetail(id));
    change();
    const after = runDetail(id);
    const told = shown();
    if (JSON.stringify(after) !== before) expect(told, String(change)).toEqual({ event: "run", data: after });
  }
  const end = beginHeartbeat("runner");
  expect(shown()).toMatchObject({ data: { runnerAlive: true } });
  vi.setSystemTime(now + 60_000); // a runner that is gone writes nothing
  expect(shown()).toMatchObject({ data: { runnerAlive: false } });
  vi.useRealTimers();
  end();
});

test("points come once each and in their order; who was away for too long is told to ask for the curves anew", () => {
  const look = followRun(id, 0);
  const steps = () =>
    lookAll(look).flatMap((news): (number | string)[] =>
      news.event === "points" ? news.data.map(({ step }) => step) : [news.event],
    );
  expect(steps()).toEqual([1, "run"]);
  for (const step of [2, 3]) appendPoint(attempt, { step, loss: step }, 1000);
  expect(steps()).toEqual([2, 3, "run"]);
  beginAttempt({ ...attempt, attempt: attempt.attempt + 1 }, 1); // takes back what it had been told
  expect(steps()).toContain("missed");
});
