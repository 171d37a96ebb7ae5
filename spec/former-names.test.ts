// Names that fields had: every one stays accepted, in run files and in paths.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problems, runConfig } from "./config";
import { currentNames, currentPath } from "./former-names";
import { allMethods } from "./methods/all";
import { type Nested, valueAt, withValue } from "./paths";
import { fieldPaths } from "./run-fields";
import { storedConfig } from "./stored-config";

/** The blocks of run-config.md, which scripts outside the project go by, each name with a value that is not its default. */
const documented = {
  dpo: {
    beta: 0.3,
    loss: ["sigmoid", "sft"],
    labelSmoothing: 0,
    lossWeights: [1, 2],
    divergence: "reverse_kl",
    ldAlpha: 0.5,
  },
  simpo: { beta: 3, gamma: 0.7, sftWeight: 0.2 },
  cpo: { beta: 0.3, loss: "hinge", alpha: 0.5 },
  orpo: { beta: 0.3, nll: "completion" },
  kto: { beta: 0.3, desirableWeight: 2, undesirableWeight: 3, klPartner: "previous-row" },
  reward: { centerCoefficient: 0.01, marginColumn: "gap", headInit: "head" },
  ppo: {
    rollouts: 32,
    responseLength: 20,
    temperature: 0.7,
    epochs: 3,
    miniBatches: 4,
    clip: 0.3,
    valueClip: 0.4,
    valueCoefficient: 0.5,
    gamma: 0.9,
    lambda: 0.8,
    klCoefficient: 0.02,
    klEstimator: "k3",
    adaptiveKl: { target: 5, horizon: 100 },
    scorePlacement: "trl",
    missingEosPenalty: 2,
    whitenRewards: true,
    whitenAdvantages: false,
    reward: { model: "judge" },
    value: { init: "critic" },
    replay: null,
  },
  iterativeDpo: {
    rounds: 2,
    promptsPerRound: 10,
    samples: 4,
    temperature: 0.8,
    judge: { gold: "film-reviews" },
    reference: "previous-round",
    dpo: { beta: 0.3, loss: "ipo" },
  },
};

const common = {
  model: { source: "tiny", dtype: "float32" },
  adapter: { rank: 8, alpha: 16, dropout: 0, targets: "all-linear", init: "start" },
  data: { train: "pairs.jsonl", tokens: null, eval: null, order: "sequential", maxLength: 512 },
  seed: 3,
  batchSize: 2,
  gradientAccumulation: 3,
  epochs: 2,
  maxSteps: 9,
  optimizer: {
    name: "sgd",
    learningRate: 1e-4,
    beta1: 0.8,
    beta2: 0.9,
    epsilon: 1e-6,
    weightDecay: 0.1,
    maxGradNorm: null,
    schedule: "cosine",
    warmupRatio: 0.2,
  },
  logEvery: 2,
  evalEvery: 3,
  saveEvery: 4,
  sampleEvery: null,
  output: "folder",
};

const today = (method: string, file: object) => runConfig.parse({ method, ...common, ...file });

test.each(Object.keys(documented) as (keyof typeof documented)[])(
  "every name of run-config.md is accepted: %s",
  (block) => {
    const method = allMethods.find((one) => one.block === block)!.name;
    const file = { ...common, [block]: documented[block] };
    const run = today(method, file);
    const given = (nested: object, prefix = ""): [string, unknown][] =>
      Object.entries(nested).flatMap(([name, value]): [string, unknown][] =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? given(value, `${prefix}${name}.`)
          : [[`${prefix}${name}`, value]],
      );
    for (const [path, value] of given(file)) expect(valueAt(run, currentPath(path)), path).toEqual(value);
  },
);

test("names that RLOO and GRPO had before they took TRL's", () => {
  const shared = { samples: 4, responseLength: 20, epochs: 2, miniBatches: 2, clip: 0.3, reward: { model: "judge" } };
  const own = {
    loss: "grpo",
    clipHigh: 0.4,
    importance: "sequence",
    scale: "batch",
    klCoefficient: 0.1,
    unbiasedKl: false,
  };
  expect(today("grpo", { grpo: { ...shared, ...own, leaveOutCut: true } })).toMatchObject({
    gradientAccumulationSteps: 3,
    grpo: {
      numGenerations: 4,
      maxCompletionLength: 20,
      numIterations: 2,
      numMiniBatches: 2,
      epsilon: 0.3,
      lossType: "grpo",
      epsilonHigh: 0.4,
      importanceSamplingLevel: "sequence",
      scaleRewards: "batch",
      beta: 0.1,
      useBiasCorrectionKl: false,
      maskTruncatedCompletions: true,
    },
  });
  expect(today("rloo", { rloo: { ...shared, klCoefficient: 0.1 } })).toMatchObject({
    rloo: { beta: 0.1, numGenerations: 4 },
  });
});

test.each(allMethods.map(({ name }) => name))(
  "%s: no former name is one of today's, nor that of two fields",
  (name) => {
    const fields = fieldPaths(name);
    const former = [...fields].flatMap(([path, { formerly = [] }]) =>
      formerly.map((was) => path.replace(/[^.]+$/, was)),
    );
    expect(new Set(former).size).toBe(former.length);
    for (const path of former) expect(fields.has(path), path).toBe(false);
  },
);

test.each([
  [
    "ppo",
    { ppo: { epochs: 2, numPpoEpochs: 3, reward: { model: "judge" } } },
    "ppo.epochs: is called numPpoEpochs now; give one of the two",
  ],
  [
    "dpo",
    { gradientAccumulationSteps: 2 },
    "gradientAccumulation: is called gradientAccumulationSteps now; give one of the two",
  ],
])("a field given by both of its names is a problem that names them: %s", (method, more, words) => {
  const parsed = runConfig.safeParse({ method, ...common, ...more });
  expect(parsed.success ? [] : problems(parsed.error)).toEqual([words]);
});

test.each([
  ["grpo", { grpo: { samples: 1, reward: { model: "judge" } } }, "grpo.samples"],
  ["grpo", { grpo: { numGenerations: 1, reward: { model: "judge" } } }, "grpo.numGenerations"],
  ["dpo", { dpo: { loss: ["sigmund"] } }, "dpo.loss"],
  ["ppo", { ppo: { rollouts: 2, miniBatches: 3, reward: { model: "judge" } } }, "ppo.miniBatches"],
  ["ppo", { ppo: { reward: { rules: { length: { least: 9, most: 3 } } } } }, "ppo.reward.rules.length.least"],
])("what is wrong is told at the name that the file gives: %s %j", (method, more, path) => {
  const parsed = runConfig.safeParse({ method, ...common, ...more });
  expect(parsed.success ? [] : problems(parsed.error)).toEqual([expect.stringMatching(new RegExp(`^${path}[.:]`))]);
});

test("a run stored by an earlier version is read in the names of today, and a file of today as it stands", () => {
  const stored = { configVersion: 2, method: "dpo", ...common, dpo: { beta: 1, loss: "ipo", wpo: true } };
  expect(storedConfig(stored)).toMatchObject({ dpo: { lossType: "ipo", useWeighting: true } });
  const demo = JSON.parse(readFileSync("data/samples/demo-run.json", "utf8")) as Nested;
  expect(currentNames(demo)).toBe(demo);
  expect(currentNames(withValue(demo, "gradientAccumulation", 2))).toEqual({ ...demo, gradientAccumulationSteps: 2 });
  for (const strange of [null, 3, "dpo", [], { method: "ppo2" }, { method: "grpo", grpo: 3 }])
    expect(currentNames(strange)).toBe(strange);
});
