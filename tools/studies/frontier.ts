// `npm run study -- frontier`: oracle reward against KL for every method on the same prompts and pairs. Two hours on two cores; of methods that are
// named after it (`npm run study -- frontier "GRPO, reward model"`) only those, beside what the others were measured at before. Writes results/frontier.json; `npm run figures` makes docs/frontier.md and its pictures from it.
import { readFileSync, writeFileSync } from "node:fs";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { type BestOfN, bestOfN } from "./best-of-n";
import { allTrainingPairs, heldOutPairs, heldOutPrompts, trainingPairs } from "./review-pairs";
import { rowsFile, sideBySide, trace } from "./trace";

/** Where a policy stood after some steps: means over its answers to the prompts that are held out. */
export interface Place {
  step: number;
  /** To the base, nats an answer. */
  kl: number;
  gold: number;
  goldError: number;
  winRate: number;
  length: number;
}
/** results/frontier.json */
export interface FrontierResult {
  pairs: number;
  prompts: number;
  methods: { name: string; strengths: { value: number; seeds: Place[][] }[] }[];
  bestOfN: BestOfN[];
}

const seeds = [0, 1, 2, 3, 4];
const answers = { samplePrompts: 160, sampleLength: 64 };
const offline = {
  batchSize: 16,
  maxSteps: 160,
  sampleEvery: 40,
  optimizer: { learningRate: 5e-4, warmupRatio: 0.1 },
};
const ppo = (klCoefficient: number, reward: object) => ({
  method: "ppo",
  maxSteps: 160,
  sampleEvery: 40,
  optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
  ppo: { rollouts: 64, epochs: 2, numMiniBatches: 2, maxCompletionLength: 64, klCoefficient, reward },
});

/** As many completions and steps as PPO takes. */
const inGroups = (method: "grpo" | "rloo", beta: number, model: string) => ({
  ...ppo(beta, { model }),
  method,
  ppo: undefined,
  [method]: {
    ...{ prompts: 8, numGenerations: 8, numIterations: 2, numMiniBatches: 2, maxCompletionLength: 64 },
    ...{ beta, reward: { model } },
  },
});

interface Setting {
  name: string;
  values: number[];
  /** `rewardModel` was trained on the same pairs. */
  config: (value: number, rewardModel: string) => object;
}
const settings: Setting[] = [
  { name: "DPO", values: [0.1, 0.3, 1], config: (beta) => ({ ...offline, method: "dpo", dpo: { beta } }) },
  { name: "IPO", values: [0.3, 1, 3], config: (beta) => ({ ...offline, method: "dpo", dpo: { beta, loss: "ipo" } }) },
  {
    name: "SimPO",
    values: [2, 5, 10],
    config: (beta) => ({ ...offline, method: "simpo", simpo: { beta, gamma: beta / 4 } }),
  },
  { name: "KTO", values: [0.1, 0.3, 1], config: (beta) => ({ ...offline, method: "kto", kto: { beta } }) },
  { name: "PPO, oracle reward", values: [0.03, 0.1, 0.3], config: (beta) => ppo(beta, { gold: "film-reviews" }) },
  { name: "PPO, reward model", values: [0.03, 0.1, 0.3], config: (beta, model) => ppo(beta, { model }) },
  { name: "RLOO, reward model", values: [0.03, 0.1, 0.3], config: (beta, model) => inGroups("rloo", beta, model) },
  { name: "GRPO, reward model", values: [0.1, 0.3, 1], config: (beta, model) => inGroups("grpo", beta, model) },
  {
    name: "iterative DPO, gold judge",
    values: [0.1, 0.3, 1],
    config: (beta) => ({
      method: "iterative-dpo",
      batchSize: 16,
      sampleEvery: 32,
      optimizer: offline.optimizer,
      iterativeDpo: {
        rounds: 10,
        promptsPerRound: 64,
        samples: 8,
        epochs: 4,
        maxCompletionLength: 64,
        judge: { gold: "film-reviews" },
        dpo: { beta },
      },
    }),
  },
];

export const placesOf = (rows: MetricRow[]): Place[] =>
  rows.flatMap((row) => {
    const { "on_policy/gold": gold, "on_policy/kl": kl } = row;
    if (gold === undefined || kl === undefined) return [];
    return [
      {
        step: row.step,
        kl,
        gold,
        goldError: row["on_policy/gold_se"]!,
        winRate: row["on_policy/win_rate"]!,
        length: row["on_policy/length"]!,
      },
    ];
  });

/** A reward model of `pairs`. Returns its folder. */
export async function trainRewardModel(pairs: string, held: string, steps: number, seed: number): Promise<string> {
  const { output } = await trace({
    method: "reward",
    data: { train: pairs, eval: held, maxLength: 160 },
    batchSize: 32,
    maxSteps: steps,
    seed,
    optimizer: { learningRate: 1e-3, warmupRatio: 0.1, schedule: "cosine" },
  });
  return output;
}

const results = "tools/studies/results/frontier.json";

/** Of the methods that are named, and of all where none is. */
export async function frontier(names: string[]): Promise<void> {
  const unknown = names.find((name) => !settings.some((setting) => setting.name === name));
  if (unknown !== undefined) throw new Error(`no method ${unknown}: ${settings.map(({ name }) => name).join("; ")}`);
  const train = rowsFile(trainingPairs(allTrainingPairs, 0, 0));
  const held = rowsFile(heldOutPairs());
  const rewardModels = await sideBySide(seeds, (seed) => trainRewardModel(train, held, 300, seed));
  const jobs = settings
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap(({ name, values, config }) =>
      values.flatMap((value) =>
        seeds.map((seed) => ({ name, value, seed, config: config(value, rewardModels[seed]!) })),
      ),
    );
  const traced = await sideBySide(jobs, async ({ name, value, seed, config }) => {
    const { rows } = await trace({ data: { train, eval: held, maxLength: 160 }, seed, ...answers, ...config });
    const places = placesOf(rows);
    const { kl, gold } = places.at(-1)!;
    process.stderr.write(`${name} ${value}, seed ${seed}: gold ${gold.toFixed(2)} at ${kl.toFixed(2)} nats\n`);
    return { name, value, places };
  });
  const measured = ({ name, values }: Setting) => ({
    name,
    strengths: values.map((value) => ({
      value,
      seeds: traced.filter((run) => run.name === name && run.value === value).map(({ places }) => places),
    })),
  });
  const before = names.length > 0 ? (JSON.parse(readFileSync(results, "utf8")) as FrontierResult) : null;
  const known = (name: string) => before?.methods.find((method) => method.name === name && !names.includes(name));
  const result: FrontierResult = {
    pairs: allTrainingPairs,
    prompts: answers.samplePrompts,
    methods: settings.map((setting) => known(setting.name) ?? measured(setting)),
    bestOfN: before?.bestOfN ?? (await bestOfN(heldOutPrompts, rewardModels)),
  };
  writeFileSync(results, `${JSON.stringify(result, null, 1)}\n`);
}
