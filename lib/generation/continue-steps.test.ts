// The page's way to `workbench step-pairs`: what it is asked, what it refuses at once, and what becomes of the job.
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, expect, test, vi } from "vitest";
import { runFolder } from "../../common/env";
import { runConfig } from "../../spec/config";
import { freshDatabase, seedQueue, seedRun } from "../../test/database";
import { shareAs } from "../access/dataset-roles";
import { addItems } from "../annotation/items/items";
import { judge } from "../annotation/judging/judge";
import { takeTasks } from "../annotation/judging/next-tasks";
import { queueNamed } from "../annotation/queues/new-queue";
import { labelledSet, listLabelled } from "../datasets/labelled/labelled-sets";
import { wrongSolutions } from "../datasets/snapshots/wrong-solutions";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import { datasetRoles } from "../db/tables/dataset-roles";
import { queues } from "../db/tables/queues";
import { runs } from "../db/tables/runs";
import { labelledSets } from "../db/tables/training-sets";
import { backgroundJobs, cancelJob } from "../jobs/background";
import { fillState } from "./at-work";
import { startStepPairs, stepPairsOf } from "./continue-steps";
import type { StepPairsInput } from "./step-pairs-input";

const data = freshDatabase();
const compared = seedQueue(1, 1);
let made = 0;

/** Three reviews whose second sentence somebody finds wrong, or, with `step` 0, nothing. */
function dataset(step = 2): { id: number; name: string } {
  const name = `Reviews ${made++}`;
  const id = queueNamed(name, 0, "steps");
  addItems(
    id,
    ["The Quiet River", "A Distant Garden", "The Paper Window"].map((film) => ({
      prompt: [{ role: "user", content: `Review ${film} in a few sentences.` }],
      answers: ["The story is warm.\nThe cast is dull.\nI liked it."],
      source: "test",
    })),
  );
  for (const task of takeTasks(1, id, 5, 0))
    judge(1, { key: randomUUID(), itemId: task.id, choice: { kind: "step", step }, activeMs: 1 }, 0);
  return { id, name };
}

const input: StepPairsInput = {
  writer: "base:tiny",
  samples: 4,
  temperature: 1,
  maxNewTokens: 96,
  verdict: { by: "pattern", expression: "\\w" },
  judged: "solution",
  threshold: 1,
  name: "Right steps",
};

const ended = (id: number) =>
  vi.waitFor(() => expect(stepPairsOf(id).running).toBe(false), { timeout: 110_000, interval: 50 });
const uploads = () => readdirSync(join(data, "uploads"));

/** A finished run of this method on this model, as far as requests look at it. */
function run(id: string, method: "prm" | "dpo", source: string): void {
  seedRun(id);
  const rows = { train: "data/samples/film-reviews.jsonl.gz" };
  const config = runConfig.parse({ method, model: { source }, data: rows, output: "unused" });
  appDb().update(runs).set({ method, config, status: "finished" }).where(eq(runs.id, id)).run();
  mkdirSync(runFolder(id), { recursive: true });
  writeFileSync(join(runFolder(id), "adapter_model.safetensors"), "");
}

/** Has every Node process started from here run this first. */
function preload(code: string): void {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "preload.cjs");
  writeFileSync(path, code);
  vi.stubEnv("NODE_OPTIONS", `--require ${path}`);
}
afterEach(() => vi.unstubAllEnvs());

test("right continuations become a labelled dataset of pairs, for whom the solutions are for; the job leads to the page", async () => {
  const solutions = dataset();
  appDb().update(queues).set({ restricted: true }).where(eq(queues.id, solutions.id)).run();
  const [at, annotatorId] = [new Date(0), 1];
  const nora = { id: "nora", name: "nora", email: "nora@x.invalid", role: "viewer", annotatorId } as const;
  appDb()
    .insert(users)
    .values({ ...nora, createdAt: at, updatedAt: at })
    .run();
  const given = { kind: "annotate", datasetId: solutions.id, role: "researcher" } as const;
  appDb()
    .insert(datasetRoles)
    .values({ userId: "nora", ...given })
    .run();

  expect(stepPairsOf(solutions.id)).toMatchObject({ job: null, running: false, made: null });
  const begun = startStepPairs(solutions, input, 1);
  expect(begun).toMatchObject({ running: true, error: null, made: null });
  expect(backgroundJobs()[0]).toMatchObject({ id: begun.job, href: `/datasets/${solutions.id}#continue` });
  expect(() => startStepPairs(dataset(), { ...input, name: "Other" }, 2)).toThrow(
    `already working on ${solutions.name}`,
  );
  await ended(solutions.id);
  const state = stepPairsOf(solutions.id);
  expect(state).toMatchObject({ error: null, progress: 1, made: { dataset: "Right steps", writer: input.writer } });
  const { id, pairs, left } = state.made!;
  expect(pairs).toBeGreaterThan(0);
  expect(pairs + left).toBe(wrongSolutions(solutions.id).length);
  expect(labelledSet(id)).toMatchObject({ name: "Right steps", holds: "pairs", pairs, restricted: true });
  const roles = appDb().select().from(datasetRoles).where(eq(datasetRoles.kind, "labelled")).all();
  expect(roles).toEqual([{ userId: "nora", kind: "labelled", datasetId: id, role: "researcher" }]);
  expect(uploads()).toEqual([]);
});

test("what is made of a dataset for everybody is for everybody; its name is taken, when it is archived too", () => {
  const [open, { id }] = [dataset(), listLabelled()[0]!];
  shareAs({ kind: "annotate", id: open.id }, { kind: "labelled", id });
  expect(labelledSet(id).restricted).toBe(false);
  appDb().update(labelledSets).set({ archivedAt: 1 }).where(eq(labelledSets.id, id)).run();
  expect(() => startStepPairs(open, input, 1)).toThrow(
    expect.objectContaining({ status: 409, problems: [expect.objectContaining({ path: "name" })] }),
  );
  appDb().update(labelledSets).set({ archivedAt: null }).where(eq(labelledSets.id, id)).run();
});

test("no right continuation, or prompts that an oracle does not know: the page says so, and nothing is made", {
  tags: "long",
}, async () => {
  const solutions = dataset();
  const before = listLabelled().length;
  startStepPairs(solutions, { ...input, samples: 1, maxNewTokens: 32, threshold: 2, name: "None" }, 1);
  await ended(solutions.id);
  expect(stepPairsOf(solutions.id).error).toContain("sample more, or lower the threshold");
  const verdict = { by: "oracle", task: "arithmetic" } as const;
  startStepPairs(solutions, { ...input, verdict, name: "None" }, 2);
  await ended(solutions.id);
  expect(stepPairsOf(solutions.id)).toMatchObject({
    made: null,
    error: expect.stringMatching(/^the oracle of arithmetic knows its own prompts only/),
  });
  expect(listLabelled()).toHaveLength(before);
});

test("the job is cancelled: the page says so, no dataset is made, and another may begin", async () => {
  const solutions = dataset();
  const { job } = startStepPairs(solutions, { ...input, samples: 64, maxNewTokens: 512, name: "Cancelled" }, 1);
  cancelJob(job!);
  await ended(solutions.id);
  expect(stepPairsOf(solutions.id)).toMatchObject({ made: null, error: expect.stringMatching(/^Cancelled\./) });
  expect(listLabelled().map(({ name }) => name)).not.toContain("Cancelled");
  expect(fillState()!.running).toBe(false);
});

test("each verdict is what the command reads as such", async () => {
  preload("setTimeout(() => process.exit(0), 300);");
  const solutions = dataset();
  run("judge", "prm", "tiny");
  const answers = listLabelled()[0]!;
  const configs: object[] = [];
  const verdicts: Partial<StepPairsInput>[] = [
    { verdict: { by: "oracle", task: "sorting" } },
    { verdict: { by: "pattern", expression: "####" }, writer: "run:policy" },
    { verdict: { by: "model", run: "judge" }, judged: "step", threshold: 0.5 },
    { verdict: { by: "model", run: "judge" } },
    { verdict: { by: "answer", answers: `labelled:${answers.id}`, column: "answer", match: "exact" } },
  ];
  run("policy", "dpo", "tiny");
  for (const [i, verdict] of verdicts.entries()) {
    startStepPairs(solutions, { ...input, ...verdict, name: "Never" }, 10 + i);
    configs.push(JSON.parse(readFileSync(join(data, "uploads", `steps-${10 + i}.json`), "utf8")) as object);
    await ended(solutions.id);
    await vi.waitFor(() => expect(uploads()).toEqual([]));
  }
  const model = { source: "tiny" };
  const sampling = { samples: 4, temperature: 1, maxNewTokens: 96, judged: "solution", threshold: 1 };
  const asked = { model, adapter: null, ...sampling, answers: null };
  expect(configs).toEqual([
    { ...asked, reward: { gold: "sorting" } },
    { ...asked, adapter: runFolder("policy"), reward: { rules: { pattern: { expression: "####" } } } },
    { ...asked, judged: "step", threshold: 0.5, reward: { model: runFolder("judge"), steps: "last" } },
    { ...asked, reward: { model: runFolder("judge"), steps: "minimum" } },
    {
      ...asked,
      answers: `labelled:${answers.id}`,
      reward: { rules: { answer: { column: "answer", match: "exact" } } },
    },
  ]);
});

test("what cannot begin is refused at once, and keeps nobody waiting", () => {
  run("other", "prm", "smollm2-135m-instruct");
  const solutions = dataset();
  const refused = (change: Partial<StepPairsInput>, of = solutions) =>
    expect(() => startStepPairs(of, { ...input, name: "Refused", ...change }, 1));
  refused({}, { id: compared, name: "test" }).toThrow("does not ask for the first wrong step");
  refused({}, dataset(0)).toThrow("no solution with a wrong step yet");
  refused({ writer: "base:/etc/passwd" }).toThrow("WORKBENCH_FOLDERS");
  refused({ writer: "run:none" }).toThrow("Run none has saved no adapter");
  refused({ verdict: { by: "model", run: "policy" } }).toThrow("trained no process reward model");
  refused({ verdict: { by: "model", run: "other" } }).toThrow("choose a model on smollm2-135m-instruct");
  refused({ verdict: { by: "answer", answers: "labelled:999", column: "answer", match: "number" } }).toThrow("999");
  expect(fillState()?.running ?? false).toBe(false);
});
