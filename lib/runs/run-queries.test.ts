import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase, rowsRead, seedRun } from "../../test/database";
import { appDb, metricsDb } from "../db/client";
import { runs } from "../db/schema";
import { claimRun } from "../runner/claim";
import { appendPoint, beginAttempt } from "./attempts";
import { listRuns } from "./run-queries";

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
