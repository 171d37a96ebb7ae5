// `npm run study -- implicit-reward`: whether DPO's β log π/π_ref is the reward that ranked its pairs, on answers of held-out prompts. `tiny`, labels drawn
// as Bradley and Terry say from the oracle reward. An hour on two cores that others use too. Writes results/implicit-reward.json; `npm run figures` makes the table and the
// picture of docs/derivation.md from it.
import { writeFileSync } from "node:fs";
import { createRandom } from "../../common/random";
import type { GenerateConfig } from "../../spec/config";
import { mean, sum } from "../../spec/statistics";
import { type AnswerScorer, implicitScorer, rewardScorer } from "../../trainers/evaluation/preferences/scorers";
import { goldReward } from "../../trainers/rewards/gold/reviews";
import { trainRewardModel } from "./frontier";
import { answersTo, heldOutPrompts, trainingPrompts } from "./review-pairs";
import { rowsFile, sideBySide, trace } from "./trace";

/** How a learnt reward goes with the oracle's, where two answers to one prompt are compared. */
export interface Agreement {
  /** Pearson's, of differences between answers to the same prompt. */
  correlation: number;
  /** The same of the rewards themselves, answers to all prompts together: here log Z(x) does not cancel. */
  acrossPrompts: number;
  /** Least squares through 0, of the learnt differences over the oracle's. */
  slope: number;
  /** How often it prefers the answer that the oracle does; where the oracle prefers none, the pair is left out. */
  accuracy: number;
  /** Mean learnt difference by the oracle's. */
  byMargin: { margin: number; learnt: number; pairs: number }[];
}
/** results/implicit-reward.json */
export interface ImplicitRewardResult {
  pairs: number;
  prompts: number;
  answers: number;
  steps: number;
  /** `trained`: the slopes on answers to the prompts of the training pairs, by seed. */
  rewards: { name: string; seeds: Agreement[]; trained: number[] }[];
}

const seeds = [0, 1, 2];
const steps = 320;
const pairsPerPrompt = 8;
/** How DPO comes near its optimum: on labels that are drawn so many times, each pair seen once. */
const longer = { draws: 8, maxSteps: 4 * steps, adapter: null, optimizer: { learningRate: 1e-4, warmupRatio: 0.1 } };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const asked = (prompt: string) => [{ role: "user" as const, content: prompt }];
const said = (content: string) => [{ role: "assistant" as const, content }];

/** Of each prompt some pairs of its answers, any that differ, the first of which wins with probability σ(r₁ − r₂). */
export function drawnPairs(prompts: string[], seed: number): string[] {
  const random = createRandom("implicit reward", "pairs", seed);
  return prompts.flatMap((prompt) => {
    const answers = answersTo(prompt);
    if (answers.length < 2) return [];
    return Array.from({ length: pairsPerPrompt }, () => {
      const first = Math.floor(random() * answers.length);
      const second = (first + 1 + Math.floor(random() * (answers.length - 1))) % answers.length;
      const [a, b] = [answers[first]!, answers[second]!];
      const [chosen, rejected] = random() < sigmoid(goldReward(a) - goldReward(b)) ? [a, b] : [b, a];
      return JSON.stringify({ prompt: asked(prompt), chosen: said(chosen), rejected: said(rejected) });
    });
  });
}

export function agreement(perPrompt: { learnt: number[]; gold: number[] }[]): Agreement {
  const differences = perPrompt.flatMap(({ learnt, gold }) =>
    gold.flatMap((g, i) =>
      gold.flatMap((h, j) => (i === j || g < h ? [] : [{ x: g - h, y: learnt[i]! - learnt[j]! }])),
    ),
  );
  const both = differences.flatMap(({ x, y }) => [
    { x, y },
    { x: -x, y: -y },
  ]); // of either order, so that means are 0
  const ranked = differences.filter(({ x }) => x > 0);
  const margins = [...new Set(ranked.map(({ x }) => x))].sort((a, b) => a - b);
  return {
    correlation: pearson(both),
    acrossPrompts: pearson(perPrompt.flatMap(({ learnt, gold }) => gold.map((x, i) => ({ x, y: learnt[i]! })))),
    slope: sum(ranked.map(({ x, y }) => x * y)) / sum(ranked.map(({ x }) => x * x)),
    accuracy: mean(ranked.map(({ y }) => (y > 0 ? 1 : 0))),
    byMargin: margins.map((margin) => {
      const own = ranked.filter(({ x }) => x === margin);
      return { margin, learnt: mean(own.map(({ y }) => y)), pairs: own.length };
    }),
  };
}

function pearson(points: { x: number; y: number }[]): number {
  const [mx, my] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const product = (of: (point: { x: number; y: number }) => number) => sum(points.map(of));
  const covariance = product(({ x, y }) => (x - mx) * (y - my));
  return covariance / Math.sqrt(product(({ x }) => (x - mx) ** 2) * product(({ y }) => (y - my) ** 2));
}

/** Every distinct answer of the sample to these prompts, scored by what was learnt; `beta` multiplies. */
function measured({ row, score }: AnswerScorer, beta: number, prompts: string[]): Agreement {
  return agreement(
    prompts.map((prompt) => {
      const answers = answersTo(prompt);
      const scores = score(answers.map((answer) => row(asked(prompt), said(answer))));
      return { learnt: scores.map((value) => beta * value), gold: answers.map(goldReward) };
    }),
  );
}

const base: GenerateConfig["model"] = { source: "tiny", dtype: "float32", quantisation: null, unquantised: [] };

/** Training rows whose labels are drawn `draws` times. */
const drawnRows = (seed: number, draws: number) =>
  rowsFile(Array.from({ length: draws }, (_, k) => drawnPairs(trainingPrompts, draws * seed + k)).flat());

const short = { draws: 1, maxSteps: steps, optimizer: { learningRate: 5e-4, warmupRatio: 0.1 } };

async function dpo(seed: number, beta: number, { draws, ...config }: typeof short | typeof longer) {
  const data = { train: drawnRows(seed, draws), eval: rowsFile(drawnPairs(heldOutPrompts, 0)), maxLength: 160 };
  const { output } = await trace({ method: "dpo", data, batchSize: 16, seed, dpo: { beta }, ...config });
  return { scorer: await implicitScorer(base, output, null), beta };
}

async function rewardModel(seed: number) {
  const output = await trainRewardModel(drawnRows(seed, 1), rowsFile(drawnPairs(heldOutPrompts, 0)), 300, seed);
  return { scorer: await rewardScorer(base, output), beta: 1 };
}

export async function implicitReward(): Promise<void> {
  const learnt: [string, (seed: number) => ReturnType<typeof dpo>][] = [
    ["DPO, β 0.1", (seed) => dpo(seed, 0.1, short)],
    ["DPO, β 0.3", (seed) => dpo(seed, 0.3, short)],
    ["DPO, β 0.3, every weight, 8 times the pairs", (seed) => dpo(seed, 0.3, longer)],
    ["reward model", rewardModel],
  ];
  const jobs = learnt.flatMap(([name, train]) => seeds.map((seed) => ({ name, train, seed })));
  const measures = await sideBySide(jobs, async ({ name, train, seed }) => {
    const { scorer, beta } = await train(seed);
    const [heldOut, trained] = [heldOutPrompts, trainingPrompts].map((prompts) => measured(scorer, beta, prompts));
    process.stderr.write(`${name}, seed ${seed}: slope ${heldOut!.slope.toFixed(3)}, ${trained!.slope.toFixed(3)}\n`);
    return { name, heldOut: heldOut!, trained: trained!.slope };
  });
  const rewards = learnt.map(([name]) => {
    const own = measures.filter((one) => one.name === name);
    return { name, seeds: own.map(({ heldOut }) => heldOut), trained: own.map(({ trained }) => trained) };
  });
  const result: ImplicitRewardResult = {
    pairs: drawnPairs(trainingPrompts, 0).length,
    prompts: heldOutPrompts.length,
    answers: sum(heldOutPrompts.map((prompt) => answersTo(prompt).length)),
    ...{ steps, rewards },
  };
  writeFileSync("tools/studies/results/implicit-reward.json", `${JSON.stringify(result, null, 1)}\n`);
}
