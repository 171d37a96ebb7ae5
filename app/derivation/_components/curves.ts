// What the plots of the derivation draw, as numbers.
import { sum } from "@/spec/statistics";
import {
  dpoLoss,
  expected,
  implicitReward,
  kl,
  logPartition,
  objective,
  optimum,
  type Pair,
  type Row,
  softmax,
} from "./tabular";

export interface Point {
  x: number;
  y: number;
}

const place = (policy: Row, reference: Row, reward: Row): Point => ({
  x: kl(policy, reference),
  y: expected(policy, reward),
});

/** Step 1: the optima of falling β, from the reference on: KL and expected reward. */
export const frontier = (reference: Row, reward: Row): Point[] => [
  place(reference, reference, reward),
  ...Array.from({ length: 80 }, (_, i) => place(optimum(reference, reward, 20 * 0.92 ** i), reference, reward)),
];

/** Other policies: the reference with some of its answers, whichever, e or e³ times as likely. */
export const otherPolicies = (reference: Row, reward: Row): Point[] =>
  [1, 3].flatMap((boost) =>
    Array.from({ length: 2 ** reference.length - 2 }, (_, i) => {
      const isBoosted = (y: number) => ((i + 1) >> y) % 2 === 1;
      return place(softmax(reference.map((p, y) => Math.log(p) + (isBoosted(y) ? boost : 0))), reference, reward);
    }),
  );

/** Step 1: where the objective is as high as at its optimum, E[r] = β KL + β log Z: the tangent of the frontier there. */
export const tangent = (reference: Row, reward: Row, beta: number, farthest: number): Point[] =>
  [0, farthest].map((x) => ({ x, y: beta * x + beta * logPartition(reference, reward, beta) }));

/** Step 3: each answer's reward, and what it becomes in a policy. */
export const rewardsOf = (policy: Row, reference: Row, reward: Row, beta: number): Point[] =>
  implicitReward(policy, reference, beta).map((y, answer) => ({ x: reward[answer]!, y }));

/** Equation 5 as a line: slope 1, β log Z below the reward. */
export const slopeOne = (reference: Row, reward: Row, beta: number): Point[] =>
  [Math.min(...reward), Math.max(...reward)].map((x) => ({ x, y: x - beta * logPartition(reference, reward, beta) }));

/** Step 5: policies that give the answers that are never compared a share u, and divide among the others, and among those, as π* does. */
export function bySharesOffTheData(
  reference: Row,
  reward: Row,
  beta: number,
  pairs: Pair[],
): { loss: Point[]; objective: Point[] } {
  const best = optimum(reference, reward, beta);
  const compared = new Set(pairs.map(({ chosen }) => chosen));
  const off = sum(best.filter((_, y) => !compared.has(y)));
  const shares = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const policies = shares.map((u) => best.map((p, y) => (compared.has(y) ? (p * (1 - u)) / (1 - off) : (p * u) / off)));
  return {
    loss: policies.map((policy, i) => ({ x: shares[i]!, y: dpoLoss(policy, reference, pairs, beta) })),
    objective: policies.map((policy, i) => ({ x: shares[i]!, y: objective(policy, reference, reward, beta) })),
  };
}
