// `npm run study -- over-optimisation`: policies pushed against a learned reward model, which they outwit (Gao et al. 2022, arXiv 2210.10760).
// An hour and a half on two cores. Writes results/over-optimisation.json; `npm run figures` makes docs/over-optimisation.md from it.
import { writeFileSync } from "node:fs";
import { type BestOfN, bestOfN } from "./best-of-n";
import { type Place, placesOf, trainRewardModel } from "./frontier";
import { heldOutPairs, heldOutPrompts, trainingPairs } from "./review-pairs";
import { rowsFile, sideBySide, trace } from "./trace";

/** A policy after some updates: what the reward model thinks of it beside what it is worth. */
export type Pushed = Place & { proxy: number };

/** results/over-optimisation.json */
export interface OverOptimisationResult {
  settings: {
    pairs: number;
    /** Share of the reward model's pairs that are labelled the wrong way round. */
    noise: number;
    ensemble: number;
    seeds: Pushed[][];
    bestOfN: BestOfN | null;
  }[];
}

const seeds = [0, 1, 2, 3, 4];
const settings = [
  { pairs: 160, noise: 0, ensemble: 1 },
  { pairs: 640, noise: 0, ensemble: 1 },
  { pairs: 2558, noise: 0, ensemble: 1 },
  { pairs: 160, noise: 0.25, ensemble: 1 },
  { pairs: 640, noise: 0.25, ensemble: 1 },
  { pairs: 2558, noise: 0.25, ensemble: 1 },
  { pairs: 640, noise: 0.25, ensemble: 5 },
];
/** Rows that a reward model learns from: few pairs are gone through oftener, and no oftener than ten times. */
const rewardSteps = (pairs: number) => Math.min(300, Math.ceil((10 * pairs) / 32));

export async function overOptimisation(): Promise<void> {
  const held = rowsFile(heldOutPairs());
  const data = settings.map(({ pairs, noise }) => seeds.map((seed) => rowsFile(trainingPairs(pairs, noise, seed))));
  const single = settings.flatMap(({ ensemble, pairs }, at) =>
    ensemble === 1 ? seeds.map((seed) => ({ at, seed, pairs })) : [],
  );
  const trained = await sideBySide(single, async ({ at, seed, pairs }) => {
    return { at, folder: await trainRewardModel(data[at]![seed]!, held, rewardSteps(pairs), seed) };
  });
  /** The models that seed `seed` of a setting learns from: one, or those of all seeds of the same pairs. */
  const modelsOf = (at: number, seed: number): string[] => {
    const { pairs, noise, ensemble } = settings[at]!;
    const base = settings.findIndex((s) => s.pairs === pairs && s.noise === noise && s.ensemble === 1);
    const all = trained.filter((model) => model.at === base).map(({ folder }) => folder);
    return ensemble === 1 ? [all[seed]!] : all;
  };
  const jobs = settings.flatMap((_, at) => seeds.map((seed) => ({ at, seed })));
  const traced = await sideBySide(jobs, async ({ at, seed }) => {
    const { rows } = await trace({
      method: "ppo",
      data: { train: data[at]![seed]!, eval: held, maxLength: 160 },
      seed,
      maxSteps: 320,
      sampleEvery: 32,
      samplePrompts: 160,
      sampleLength: 64,
      optimizer: { learningRate: 5e-4, schedule: "constant", warmupRatio: 0.05 },
      ppo: {
        rollouts: 64,
        epochs: 2,
        numMiniBatches: 2,
        maxCompletionLength: 64,
        klCoefficient: 0,
        reward: { model: modelsOf(at, seed), ensemble: "minimum" },
      },
    });
    const proxies = rows.flatMap((row) => row["on_policy/reward"] ?? []);
    const places = placesOf(rows).map((place, i): Pushed => ({ ...place, proxy: proxies[i]! }));
    const { kl, gold, proxy } = places.at(-1)!;
    const { pairs, noise, ensemble } = settings[at]!;
    process.stderr.write(
      `${pairs} pairs, noise ${noise}, ${ensemble} models, seed ${seed}: proxy ${proxy.toFixed(2)}, gold ${gold.toFixed(2)} at ${kl.toFixed(1)} nats\n`,
    );
    return { at, places };
  });
  const measured: OverOptimisationResult["settings"] = [];
  for (const [at, setting] of settings.entries()) {
    const kept =
      setting.ensemble === 1
        ? await bestOfN(
            heldOutPrompts,
            seeds.flatMap((seed) => modelsOf(at, seed)),
          )
        : [];
    measured.push({
      ...setting,
      seeds: traced.filter((run) => run.at === at).map(({ places }) => places),
      bestOfN: kept.find(({ judge }) => judge === "reward model") ?? null,
    });
  }
  const result: OverOptimisationResult = { settings: measured };
  writeFileSync("tools/studies/results/over-optimisation.json", `${JSON.stringify(result, null, 1)}\n`);
}
