// `npm run study -- ppo`: what makes PPO find more, or less, of the oracle reward through a reward model; GRPO and RLOO beside it. Half an hour on two
// cores. Writes results/ppo.json; `npm run figures` makes docs/ppo.md from it.
import { writeFileSync } from "node:fs";
import { type Place, placesOf, trainRewardModel } from "./frontier";
import { allTrainingPairs, heldOutPairs, trainingPairs } from "./review-pairs";
import { rowsFile, sideBySide, trace } from "./trace";

/** results/ppo.json */
export interface PpoResult {
  pairs: number;
  prompts: number;
  settings: { name: string; seeds: Place[][] }[];
}

const seeds = [0, 1, 2, 3, 4];
const common = {
  maxSteps: 160,
  sampleEvery: 40,
  samplePrompts: 160,
  sampleLength: 64,
  optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
};
const rollouts = { rollouts: 64, numPpoEpochs: 2, numMiniBatches: 2, maxCompletionLength: 64, klCoef: 0.1 };
/** As many completions and steps as PPO takes. */
const groups = { numGenerations: 8, prompts: 8, numIterations: 2, numMiniBatches: 2 };
const oracle = { gold: "film-reviews" };

/** Of the reward model that was trained with the run's seed. */
type Setting = (model: string) => object;
const ppo = (change: object, reward?: object): Setting => {
  return (model) => ({ ...common, method: "ppo", ppo: { ...rollouts, reward: reward ?? { model }, ...change } });
};
const inGroups = (method: "rloo" | "grpo", model: string) => ({
  ...common,
  method,
  [method]: { maxCompletionLength: 64, reward: { model }, ...groups, beta: 0.1 },
});
const settings: Record<string, Setting> = {
  "PPO, reward model": ppo({}),
  "KL coefficient 0.05": ppo({ klCoef: 0.05 }),
  "adaptive KL, target 3 nats": ppo({ adaptiveKl: { target: 3, horizon: 1000 } }),
  "scores not normalised": ppo({ normalizeReward: false }),
  "critic alone in the first 3 updates": ppo({ criticWarmup: 3 }),
  "value head on the actor": ppo({ value: { head: "actor" } }),
  "RLOO, reward model": (model) => inGroups("rloo", model),
  "GRPO, reward model": (model) => inGroups("grpo", model),
  "PPO, oracle reward": ppo({}, oracle),
  "PPO, oracle reward, KL coefficient 0.03": ppo({ klCoef: 0.03 }, oracle),
};

export async function ppoSettings(): Promise<void> {
  const train = rowsFile(trainingPairs(allTrainingPairs, 0, 0));
  const held = rowsFile(heldOutPairs());
  const data = { train, eval: held, maxLength: 160 };
  const models = await sideBySide(seeds, (seed) => trainRewardModel(train, held, 300, seed));
  const jobs = Object.entries(settings).flatMap(([name, of]) => seeds.map((seed) => ({ name, of, seed })));
  const traced = await sideBySide(jobs, async ({ name, of, seed }) => {
    const { rows } = await trace({ data, seed, ...of(models[seed]!) });
    const places = placesOf(rows);
    const { kl, gold } = places.at(-1)!;
    process.stderr.write(`${name}, seed ${seed}: gold ${gold.toFixed(2)} at ${kl.toFixed(2)} nats\n`);
    return { name, places };
  });
  const result: PpoResult = {
    pairs: allTrainingPairs,
    prompts: common.samplePrompts,
    settings: Object.keys(settings).map((name) => ({
      name,
      seeds: traced.filter((run) => run.name === name).map(({ places }) => places),
    })),
  };
  writeFileSync("tools/studies/results/ppo.json", `${JSON.stringify(result, null, 1)}\n`);
}
