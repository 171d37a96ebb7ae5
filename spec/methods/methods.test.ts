// What each method's value says of a run, against numbers by hand.
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "../config";
import { leavesOf } from "../paths";
import { fieldPaths } from "../run-fields";
import { allMethods, type Method, methodOf } from "./all";

const gold = { gold: "film-reviews" };
/** What a method cannot do without. */
const needed: Partial<Record<Method, object>> = {
  ppo: { ppo: { reward: gold } },
  rloo: { rloo: { reward: gold } },
  grpo: { grpo: { reward: gold } },
  "reinforce-plus-plus": { reinforcePlusPlus: { reward: gold } },
  "iterative-dpo": { iterativeDpo: { judge: gold } },
  sppo: { sppo: { judge: gold } },
  "nash-md": { nashMd: { judge: gold } },
  raft: { raft: { reward: gold } },
  distill: { distill: { teacher: "tiny" } },
};
const run = (method: Method, changes: object = {}): RunConfig =>
  runConfig.parse({
    method,
    model: { source: "tiny" },
    data: { train: "rows.jsonl" },
    output: "out",
    ...needed[method],
    ...changes,
  });

const names = allMethods.map(({ name }): Method => name);

test("no two methods share a name, a block or a label", () => {
  for (const of of ["name", "block", "label"] as const)
    expect(new Set(allMethods.map((one) => one[of])).size).toBe(allMethods.length);
});

// 6 rows a batch and 2 batches a step, where the method goes by those
test.each<[Method, object, number, number]>([
  ["sft", {}, 12, 1],
  ["reward", {}, 12, 1],
  ["prm", {}, 12, 1],
  ["dpo", {}, 12, 1],
  ["listwise", {}, 12, 1],
  ["simpo", {}, 12, 1],
  ["cpo", {}, 12, 1],
  ["orpo", {}, 12, 1],
  ["kto", {}, 12, 1],
  ["ppo", { ppo: { rollouts: 50, numMiniBatches: 4, numPpoEpochs: 3, reward: gold } }, 13, 12], // parts of 12 and 13
  ["rloo", { rloo: { prompts: 3, numGenerations: 5, numMiniBatches: 4, numIterations: 2, reward: gold } }, 4, 8], // 15 answers
  ["grpo", { grpo: { prompts: 8, numGenerations: 8, numMiniBatches: 2, numIterations: 1, reward: gold } }, 32, 2],
  ["reinforce-plus-plus", { reinforcePlusPlus: { prompts: 50, numMiniBatches: 4, reward: gold } }, 13, 4],
  ["distill", { distill: { teacher: "teacher" } }, 12, 1],
  ["iterative-dpo", { iterativeDpo: { promptsPerRound: 64, epochs: 2, judge: gold } }, 12, 11], // 128 pairs
  ["sppo", { sppo: { promptsPerRound: 30, numGenerations: 4, epochs: 2, judge: gold } }, 12, 20],
  ["nash-md", { nashMd: { promptsPerRound: 30, judge: gold } }, 30, 1],
  ["raft", { raft: { promptsPerRound: 30, reward: gold } }, 12, 3],
])("B2: %s %j learns from %i rows a step and takes %i steps between two rollouts", (method, changes, rows, steps) => {
  const config = run(method, { batchSize: 6, gradientAccumulationSteps: 2, ...changes });
  expect(methodOf(config).rowsPerStep(config)).toBe(rows);
  expect(methodOf(config).stepsPerRollout(config)).toBe(steps);
});

test.each<[Method, object, number]>([
  ["dpo", {}, 0],
  ["distill", { distill: { teacher: "teacher", lmbda: 0.1 } }, 12],
  ["distill", { distill: { teacher: "teacher", lmbda: 0 } }, 0],
  ["ppo", { ppo: { rollouts: 50, numMiniBatches: 4, reward: gold } }, 50],
  ["rloo", { rloo: { prompts: 3, numGenerations: 5, reward: gold } }, 15],
  ["grpo", { grpo: { prompts: 8, numGenerations: 8, numMiniBatches: 2, reward: gold } }, 64],
  ["reinforce-plus-plus", { reinforcePlusPlus: { prompts: 50, numMiniBatches: 4, reward: gold } }, 50],
  ["iterative-dpo", { iterativeDpo: { promptsPerRound: 64, numGenerations: 8, judge: gold } }, 512],
  ["sppo", { sppo: { promptsPerRound: 30, numGenerations: 4, judge: gold } }, 120],
  ["nash-md", { nashMd: { promptsPerRound: 30, judge: gold } }, 60],
  ["raft", { raft: { promptsPerRound: 30, numGenerations: 2, reward: gold } }, 60],
])("%s %j samples %i answers at once", (method, changes, answers) => {
  const config = run(method, { batchSize: 6, gradientAccumulationSteps: 2, ...changes });
  expect(methodOf(config).sampledAtOnce(config)).toBe(answers);
});

test("the facts of every method, one by one", () => {
  const facts = (of: (name: Method) => boolean) => names.filter(of).sort();
  const is = (name: Method) => methodOf({ method: name });
  const onPolicy = ["grpo", "iterative-dpo", "nash-md", "ppo", "raft", "reinforce-plus-plus", "rloo", "sppo"];
  expect(facts((name) => is(name).onPolicy)).toEqual(onPolicy);
  expect(facts((name) => is(name).scoresApart(run(name)))).toEqual([...onPolicy, "distill", "kto"].sort());
  expect(facts((name) => is(name).samples(run(name)))).toEqual([...onPolicy, "distill"].sort());
  expect(is("distill").samples(run("distill", { distill: { teacher: "teacher", lmbda: 0 } }))).toBe(false);
  expect(facts((name) => is(name).scoredBy(run(name)) !== null)).toEqual(onPolicy);
  expect(facts((name) => is(name).trainsCritic)).toEqual(["ppo"]);
  expect(facts((name) => is(name).movesReference(run(name)))).toEqual(["sppo"]);
  expect(facts((name) => is(name).produces === "reward-model")).toEqual(["prm", "reward"]);
  expect(facts((name) => "reference" in run(name))).toEqual([
    "dpo",
    "grpo",
    "kto",
    "listwise",
    "nash-md",
    "ppo",
    "reinforce-plus-plus",
    "rloo",
  ]);
  expect(facts((name) => is(name).reference === null)).toEqual([
    "cpo",
    "distill",
    "orpo",
    "prm",
    "raft",
    "reward",
    "sft",
    "simpo",
    "sppo",
  ]);
  for (const [kind, readers] of [
    ["pairs", names.filter((name) => name !== "prm")],
    ["rankings", names.filter((name) => !["sft", "kto", "distill", "prm"].includes(name))],
    ["unpaired", [...onPolicy, "kto"]],
    ["sft", [...onPolicy, "sft", "distill"]],
    ["prompts", onPolicy],
    ["stepwise", [...onPolicy, "kto", "prm", "sft", "distill"]],
    ["text", ["sft"]],
  ] as const)
    expect(facts((name) => is(name).reads.includes(kind))).toEqual([...readers].sort());
});

test.each(names)("%s hides and advises on fields that it has", (name) => {
  const { reference, hides, usual } = methodOf({ method: name });
  const known = fieldPaths(name);
  for (const path of [...hides, ...Object.keys(usual(run(name))), ...(reference ? [reference] : [])])
    expect(known.has(path), path).toBe(true);
});

test.each<[Method, object, number, string]>([
  ["dpo", { batchSize: 16, maxSteps: 120 }, 480, "120 steps of 16 rows, 4.00 epochs over 480 pairs"],
  ["dpo", { batchSize: 16, epochs: 2 }, 100, "13 steps of 16 rows, 2.08 epochs over 100 pairs"],
  ["dpo", { batchSize: 1, maxSteps: 1 }, 0, "1 step of 1 row, no pairs chosen"],
  [
    "ppo",
    { maxSteps: 160, ppo: { rollouts: 64, numPpoEpochs: 2, numMiniBatches: 2, reward: gold } },
    480,
    "40 updates of 64 sampled answers, 4 optimizer steps each",
  ],
  ["grpo", { epochs: 1 }, 480, "60 updates of 8 answers to each of 8 prompts, an optimizer step each"],
  [
    "rloo",
    { maxSteps: 7, rloo: { numIterations: 2, reward: gold } },
    480,
    "4 updates of 8 answers to each of 8 prompts, 2 optimizer steps each",
  ],
  ["iterative-dpo", {}, 480, "3 rounds of 64 prompts, the best and the worst of 8 answers to each"],
  ["sppo", {}, 480, "3 rounds of 64 prompts, the win rates of 5 answers to each"],
  [
    "nash-md",
    {},
    480,
    "100 rounds of 64 prompts, an answer to each against one of the mixture, an optimizer step each",
  ],
  ["raft", { raft: { rounds: 1, reward: gold } }, 480, "1 round of 64 prompts, the best of 8 answers to each"],
])("%s %j describes itself over %i rows: %s", (name, changes, count, words) => {
  const config = run(name, changes);
  const { words: unit } = methodOf(config).counted({ holds: "pairs", rows: count, pairs: count, imitated: count });
  expect(methodOf(config).describe(config, { count, words: unit })).toBe(words);
});

test.each(names)("every field of %s has a label and a sentence", (name) => {
  const fields = fieldPaths(name);
  const paths = Object.keys(leavesOf(run(name))).filter((path) => !["method", "configVersion"].includes(path));
  expect(paths.some((path) => path.startsWith(`${methodOf({ method: name }).block}.`))).toBe(true);
  for (const path of paths) {
    const { description, help } = fields.get(path)!;
    expect([description, help], path).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
  }
});
