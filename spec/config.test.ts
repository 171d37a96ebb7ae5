import { expect, test } from "vitest";
import { problems, runConfig } from "./config";

test("lists every problem at once, each with its path", () => {
  const parsed = runConfig.safeParse({
    method: "dpo",
    model: { source: "tiny", dtype: "int8" },
    adapter: { rank: 0 },
    data: { train: "a.jsonl", trian: "b" },
    optimizer: { learningRate: -1 },
    output: "out",
  });
  const found = parsed.success ? [] : problems(parsed.error);
  for (const path of ["model.dtype", "adapter.rank", "data.trian: unknown field", "optimizer.learningRate"])
    expect(found.join("\n")).toContain(path);
  expect(found).toHaveLength(4);
});

test.each([
  [{ data: {} }, "data.train"],
  [{ adapter: null, recompute: "block" }, "recompute"],
  [{ reference: "initial" }, "reference"],
])("refuses what cannot be run: %j", (overrides, path) => {
  const parsed = runConfig.safeParse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "a" },
    output: "o",
    ...overrides,
  });
  expect(parsed.success ? [] : problems(parsed.error)).toEqual([expect.stringContaining(path)]);
});

const problemsOf = (method: string, more: object) => {
  const parsed = runConfig.safeParse({ method, model: { source: "tiny" }, data: { train: "a" }, output: "o", ...more });
  return parsed.success ? [] : problems(parsed.error);
};

test("a slip in a list of training sets is told at its place, with what is expected there", () => {
  const train = (...parts: unknown[]) => problemsOf("dpo", { data: { train: parts } });
  const expected = "give dataset or file, one of them, and weight where it is not 1";
  expect(train("a", { dataset: "tea", wieght: 2 })).toEqual([`data.train.1: wieght unknown: ${expected}`]);
  expect(train({ name: "tea" })).toEqual([
    "data.train.0.dataset: must be a text; it is not set",
    `data.train.0: name unknown: ${expected}`,
  ]);
  expect(train({ dataset: "tea", file: "a" })).toEqual([`data.train.0: dataset unknown: ${expected}`]);
  expect(train({ file: "a", weight: 0 }, 5)).toEqual([
    "data.train.0.weight: must be more than 0",
    "data.train.1: must be a text",
  ]);
  expect(problemsOf("dpo", { data: { train: 5 } })).toEqual([
    "data.train: must be a file or a dataset, or a list of them",
  ]);
  expect(train({ dataset: "tea", weight: 2 }, { file: "a" }, "b")).toEqual([]);
});

test("a row limit, which token files are not read by, is refused beside them", () => {
  expect(problemsOf("dpo", { data: { tokens: "a", maxRows: 10 } })).toEqual([
    "data.maxRows: rows that are token ids are all trained on: leave it empty",
  ]);
});

test.each(["sft", "reward", "simpo", "cpo", "orpo"])(
  "W3: %s, which has no reference, says so at `reference`",
  (method) => {
    expect(problemsOf(method, { reference: "base" })).toEqual([
      "reference: this method has no reference; leave it out",
    ]);
  },
);

test("W3: iterative DPO says where its reference stands", () => {
  const judged = { iterativeDpo: { judge: { gold: "film-reviews" } } };
  expect(problemsOf("iterative-dpo", judged)).toEqual([]);
  expect(problemsOf("iterative-dpo", { ...judged, reference: "base" })).toEqual([
    "reference: the reference of iterative-dpo is iterativeDpo.reference",
  ]);
});

test("W3: the block of another method is told from a misspelt field, each at its own path", () => {
  expect(problemsOf("kto", { dpo: {}, iterativeDpo: {}, bathcSize: 3 })).toEqual([
    "dpo: belongs to runs of dpo, and this one is kto",
    "iterativeDpo: belongs to runs of iterative-dpo, and this one is kto",
    "bathcSize: unknown field",
  ]);
});

test("defaults are those of the run-file documentation", () => {
  const run = runConfig.parse({ method: "dpo", model: { source: "tiny" }, data: { train: "a" }, output: "o" });
  expect(run).toMatchObject({
    seed: 0,
    batchSize: 4,
    gradientAccumulationSteps: 1,
    epochs: 1,
    adapter: { rank: 16, alpha: 32, targets: "all-linear" },
    optimizer: { name: "adamw", learningRate: 5e-6, maxGradNorm: 1, schedule: "linear" },
    reference: "base",
    dpo: { beta: 0.1, lossType: "sigmoid" },
    data: { order: "shuffled", maxLength: 1024 },
  });
});
