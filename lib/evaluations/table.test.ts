// Results of a run beside its base's: paired by row, replaced when run again, gone with the run.
import { join } from "node:path";
import Database from "better-sqlite3";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { dataFolder, runFolder } from "../../common/env";
import type { EvaluatedTask, EvaluationSettings } from "../../spec/evaluations";
import { freshDatabase, seedRun } from "../../test/database";
import { appDb } from "../db/client";
import { evaluations } from "../db/tables/evaluations";
import { runs } from "../db/tables/runs";
import { requireRun } from "../runs/require-run";
import { deleteRun } from "../storage/trash";
import { baseOf, evaluationsOfRun, keepEvaluation } from "./store";
import { evaluationTableOf, evaluationTableOfBase } from "./table";

beforeAll(() => {
  freshDatabase();
  seedRun("r");
});
beforeEach(() => void appDb().delete(evaluations).run());

const usual: EvaluationSettings = { folder: null, limit: null, fewShot: null, chatTemplate: true, preferences: null };

function task(
  name: string,
  rows: number[] | null,
  value = 0,
  error: number | null = null,
  higherIsBetter = true,
): EvaluatedTask {
  const mean = rows ? rows.reduce((a, b) => a + b, 0) / rows.length : value;
  const metric = { name: rows ? "acc" : "bits_per_byte", value: mean, error, higherIsBetter, rows };
  return { name, asked: name, version: null, n: rows?.length ?? 8, metrics: [metric] };
}

function keep(run: string | null, tasks: EvaluatedTask[], settings = usual): Promise<void> {
  const base = baseOf(requireRun("r"));
  const asked = { run: run === null ? null : { id: run, step: 7 }, base, settings, startedBy: null };
  return keepEvaluation(asked, { harness: "lm-eval 0.4.13", seconds: 1, tasks }, 0);
}

test("the difference is taken row by row, so that what is hard for both falls out of its interval", async () => {
  // of 8 rows the run gets two more right and none less
  const base = [0, 0, 0, 0, 1, 1, 1, 1];
  const own = [1, 1, 0, 0, 1, 1, 1, 1];
  await keep(null, [task("sorting", base)]);
  await keep("r", [task("sorting", own)]);
  const { models, rows } = evaluationTableOf([requireRun("r")]);
  expect(models).toEqual([
    { name: "tiny", run: null },
    { name: "r", run: "r" },
  ]);
  const [before, after] = rows[0]!.cells;
  expect(before).toMatchObject({ value: 0.5, difference: null, step: null });
  expect(after).toMatchObject({ value: 0.75, step: 7, n: 8 });
  // differences 1 1 0 0 0 0 0 0: mean 1/4, deviation √(1.5/7); t(0.975, 7) = 2.364624
  expect(after!.difference!.delta).toBeCloseTo(0.25, 12);
  expect(after!.difference!.half).toBeCloseTo((2.364624 * Math.sqrt(1.5 / 7)) / Math.sqrt(8), 5);
  expect(after!.difference!.better).toBeNull(); // 0.25 ± 0.39
});

test("a base that a run has left has the run's name", () => {
  seedRun("pre-training");
  seedRun("its SFT");
  const source = runFolder("pre-training");
  appDb()
    .update(runs)
    .set({ config: sql`json_set(${runs.config}, '$.model.source', ${source})` })
    .where(eq(runs.id, "its SFT"))
    .run();
  expect(evaluationTableOf([requireRun("its SFT")]).models).toEqual([
    { name: "pre-training", run: null },
    { name: "its SFT", run: "its SFT" },
  ]);
});

test("a run that began at random weights is compared with nothing, on Compare too", async () => {
  seedRun("from random weights");
  const change = sql`json_set(${runs.config}, '$.sft', json('{"fromScratch": true}'))`;
  appDb().update(runs).set({ config: change }).where(eq(runs.id, "from random weights")).run();
  await keep(null, [task("sorting", [0, 1])]);
  await keep("r", [task("sorting", [1, 1])]);
  await keep("from random weights", [task("sorting", [0, 0])]);
  const alone = evaluationTableOf([requireRun("from random weights")]);
  expect(alone.models).toEqual([{ name: "from random weights", run: "from random weights" }]);
  expect(alone.rows[0]!.cells).toMatchObject([{ value: 0, difference: null }]);
  const { models, rows } = evaluationTableOf([requireRun("from random weights"), requireRun("r")]);
  expect(models.map(({ name }) => name)).toEqual(["tiny", "from random weights", "r"]);
  expect(rows[0]!.cells).toMatchObject([
    { value: 0.5 },
    { value: 0, difference: null },
    { difference: { delta: 0.5 } },
  ]);
});

test("a clear difference is for the better or the worse, as the metric says", async () => {
  await keep(null, [task("words", null, 1.2, 0.01, false), task("right", [0, 0, 0, 0, 0, 0]), task("bare", null, 3)]);
  await keep("r", [task("words", null, 1.3, 0.01, false), task("right", [1, 1, 1, 1, 1, 1]), task("bare", null, 4)]);
  const { rows } = evaluationTableOf([requireRun("r")]);
  const difference = (name: string) => rows.find(({ task }) => task === name)!.cells[1]!.difference!;
  expect(difference("words")).toMatchObject({ better: false });
  expect(difference("words").half).toBeCloseTo(1.96 * Math.SQRT2 * 0.01, 12);
  expect(difference("right")).toEqual({ delta: 1, half: 0, better: true });
  expect(difference("bare")).toMatchObject({ half: null, better: null }); // nothing tells the noise
});

test("results are compared where they were asked in the same way only, and replaced when they are asked again", async () => {
  const few = { ...usual, limit: 2 };
  await keep(null, [task("sorting", [0, 1])], few);
  await keep("r", [task("sorting", [0, 0, 0])]);
  await keep("r", [task("sorting", [1, 1, 1])]);
  await keep("r", [task("sorting", [1, 1])], few);
  const { rows } = evaluationTableOf([requireRun("r")]);
  expect(rows.map(({ settings, cells }) => [settings.limit, cells[0]?.value, cells[1]?.value])).toEqual([
    [null, undefined, 1],
    [2, 0.5, 1],
  ]);
  expect(evaluationsOfRun("r")).toHaveLength(2);
});

test("a run that is deleted takes its results with it, and leaves its base's", async () => {
  await keep(null, [task("sorting", [0, 1])]);
  await keep("r", [task("sorting", [1, 1])]);
  deleteRun("r");
  seedRun("r");
  expect(evaluationTableOf([requireRun("r")]).rows).toEqual([]);
  await keep("r", [task("sorting", [1, 1])]);
  expect(evaluationTableOf([requireRun("r")]).rows[0]!.cells[0]).toMatchObject({ value: 0.5 });
});

test("a model as it came has a table of its own, with a column for each way in which it was held", async () => {
  expect(evaluationTableOfBase("tiny")).toEqual({ models: [], rows: [] });
  await keep(null, [task("sorting", [0, 1])]);
  await keep("r", [task("sorting", [1, 1]), task("of the run alone", [1])]);
  expect(evaluationTableOfBase("tiny")).toMatchObject({
    models: [{ name: "tiny", run: null }],
    rows: [{ task: "sorting", metric: "acc", isShare: true, cells: [{ value: 0.5, n: 2, difference: null }] }],
  });
  const base = { ...baseOf(requireRun("r")), quantisation: "nf4" };
  const report = { harness: "lm-eval 0.4.13", seconds: 1, tasks: [task("sorting", [0, 0])] };
  await keepEvaluation({ run: null, base, settings: usual, startedBy: null }, report, 0);
  const layers = { harness: report.harness, seconds: 1, tasks: [task("sorting", [1, 1])] };
  await keepEvaluation(
    { run: null, base: { ...base, unquantised: ["q_proj"] }, settings: usual, startedBy: null },
    layers,
    0,
  );
  const { models, rows } = evaluationTableOfBase("tiny");
  expect(models.map(({ name }) => name)).toEqual(["tiny (float32)", "tiny (nf4 without q_proj)", "tiny (nf4)"]);
  expect(rows[0]!.cells.map((one) => one!.value)).toEqual([0.5, 1, 0]);
});

test("F4: what an evaluation found is kept once the program that is writing has ended", async () => {
  const other = new Database(join(dataFolder(), "app.db"));
  other.exec("BEGIN IMMEDIATE");
  const kept = keep("r", [task("sorting", [1])]);
  setTimeout(() => other.exec("ROLLBACK"), 100);
  await kept;
  expect(evaluationsOfRun("r")).toHaveLength(1);
});
