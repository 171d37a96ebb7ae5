import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase, rowsRead, seedRun, statementsRun } from "../../test/database";
import { appDb, metricsDb } from "../db/client";
import { runs } from "../db/tables/runs";
import { claimRun } from "../runner/claim";
import { listRuns } from "./list-runs";

beforeAll(() => {
  freshDatabase();
});

test("P3: a list of runs reads the points of those at work; of one that has ended they are read once, and anew when it ends again", () => {
  for (const [i, id] of ["a", "b", "c"].entries()) {
    seedRun(id, i);
    const { attempt } = claimRun("runner", () => 1000)!;
    beginAttempt({ runId: id, attempt }, 0);
    for (let step = 1; step <= 5; step++) appendPoint({ runId: id, attempt }, { step, loss: step }, 1000);
  }
  const end = (id: string, finishedAt: number | null) =>
    appDb()
      .update(runs)
      .set({ status: finishedAt === null ? "running" : "finished", finishedAt })
      .where(eq(runs.id, id))
      .run();
  for (const id of ["a", "b"]) end(id, 2000);
  const read = () => rowsRead(() => listRuns(), metricsDb()).rows;
  expect(read()).toBe(15);
  expect(read()).toBe(5);
  end("a", null);
  appendPoint({ runId: "a", attempt: 1 }, { step: 6, loss: 6 }, 1000);
  end("a", 3000);
  expect(listRuns().map(({ step, latest }) => [step, latest.loss])).toEqual([
    [5, 5],
    [5, 5],
    [6, 6],
  ]);
  end("c", 4000);
  listRuns();
  expect(read()).toBe(0);
});

test("P3: a list of sixty runs costs as many statements as one of three, also where most of them wait for others", () => {
  const costs = [3, 60].map((count) => {
    for (let i = 0; i < count; i++) {
      const id = `list${count}-${i}`;
      seedRun(id, 100 + i);
      if (i > 0)
        appDb()
          .update(runs)
          .set({ after: [`list${count}-0`] })
          .where(eq(runs.id, id))
          .run();
    }
    return statementsRun(() => expect(listRuns().length).toBeGreaterThan(count));
  });
  expect(costs[1]).toBe(costs[0]);
  expect(listRuns(2).map(({ id, waitsFor }) => [id, waitsFor.map((run) => run.id)])).toEqual([
    ["list60-59", ["list60-0"]],
    ["list60-58", ["list60-0"]],
  ]);
});
