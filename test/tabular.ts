// A policy that is a table, with rewards that are known, for the tests beside this file: 6 prompts with 8 answers each.

import { createRandom } from "../common/random";
import { runConfig } from "../spec/config";
import type { tf } from "../trainers/engine/tensorflow";
import { createOptimizer } from "../trainers/run/optimizer";

export const [prompts, answers, beta] = [6, 8, 0.5] as const;
const random = createRandom(1, "tabular");
const table = (scale: number) =>
  Array.from({ length: prompts }, () => Array.from({ length: answers }, () => scale * (2 * random() - 1)));
export const reward = table(1);
export const referenceLogits = table(1.5);

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
export const softmax = (row: number[]) => {
  const exponentials = row.map(Math.exp);
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((x) => x / sum);
};
export const reference = referenceLogits.map(softmax);

/** Every ordered pair of every prompt, with the probability that its first answer wins. */
export const pairs = reward.flatMap((row, prompt) =>
  row.flatMap((_, i) =>
    row.flatMap((_, j) =>
      i === j ? [] : [{ i: prompt * answers + i, j: prompt * answers + j, wins: sigmoid(row[i]! - row[j]!) }],
    ),
  ),
);

export function tabularOptimizer(logits: tf.Variable) {
  const { optimizer } = runConfig.parse({
    ...{ method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: "y" },
    optimizer: { learningRate: 0.05, beta2: 0.99, maxGradNorm: null, schedule: "constant" },
  });
  return createOptimizer(optimizer, new Map([["table", logits]]));
}

/** KL(policy ‖ optimum), mean over the prompts, in nats. */
export const distance = (policy: number[][], optimum: number[][]) =>
  policy.reduce((sum, row, x) => sum + row.reduce((kl, p, y) => kl + p * Math.log(p / optimum[x]![y]!), 0), 0) /
  prompts;

/** π* ∝ π_ref exp(r/β): Rafailov et al. 2023, equation 4. */
export const rewardOptimum = reference.map((row, x) => softmax(row.map((p, y) => Math.log(p) + reward[x]![y]! / beta)));

/** Every order of the items. */
export const permutations = (items: number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
