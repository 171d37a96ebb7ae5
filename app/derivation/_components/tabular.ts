// RLHF's objective and DPO's loss where the policy is a table: some answers to one prompt. Equations are numbered as in Rafailov et al. 2023 (arXiv 2305.18290).
// test/derivation.test.ts holds loss and gradient to the trainer's.
import { sum } from "@/spec/statistics";

/** A number of each answer: its probability, its reward, … */
export type Row = readonly number[]; // [K]

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function logSumExp(row: Row): number {
  const largest = Math.max(...row);
  return largest + Math.log(sum(row.map((x) => Math.exp(x - largest))));
}

export function softmax(row: Row): number[] {
  const all = logSumExp(row);
  return row.map((x) => Math.exp(x - all));
}

export const expected = (policy: Row, values: Row): number => sum(policy.map((p, y) => p * values[y]!));

/** KL(p ‖ q), nats; an answer that p never gives adds nothing. */
export const kl = (p: Row, q: Row): number => sum(p.map((own, y) => (own === 0 ? 0 : own * Math.log(own / q[y]!))));

/** Equation 3: E[r] − β KL(π ‖ π_ref). */
export const objective = (policy: Row, reference: Row, reward: Row, beta: number): number =>
  expected(policy, reward) - beta * kl(policy, reference);

const tilted = (reference: Row, reward: Row, beta: number) => reference.map((p, y) => Math.log(p) + reward[y]! / beta);

/** log Z: of π_ref exp(r/β), summed over the answers. */
export const logPartition = (reference: Row, reward: Row, beta: number): number =>
  logSumExp(tilted(reference, reward, beta));

/** Equation 4: π* = π_ref exp(r/β) / Z. */
export const optimum = (reference: Row, reward: Row, beta: number): number[] =>
  softmax(tilted(reference, reward, beta));

/** Equation 5 without its last term: β log π/π_ref. */
export const implicitReward = (policy: Row, reference: Row, beta: number): number[] =>
  policy.map((p, y) => beta * Math.log(p / reference[y]!));

export interface Pair {
  chosen: number;
  rejected: number;
  /** How often annotators order the two so: equation 1. */
  share: number;
}

/** Every ordered pair of the answers that are compared. */
export const pairsOf = (reward: Row, compared: readonly number[]): Pair[] =>
  compared.flatMap((chosen) =>
    compared.flatMap((rejected) =>
      chosen === rejected ? [] : [{ chosen, rejected, share: sigmoid(reward[chosen]! - reward[rejected]!) }],
    ),
  );

const margin = (implicit: Row, { chosen, rejected }: Pair) => implicit[chosen]! - implicit[rejected]!;

/** Each pair of answers occurs in both orders, whose shares add up to 1. */
const labels = (pairs: Pair[]) => pairs.length / 2;

/** Equation 7: −log σ(β log π/π_ref of the chosen − of the rejected answer), mean over the labels. */
export function dpoLoss(policy: Row, reference: Row, pairs: Pair[], beta: number): number {
  const implicit = implicitReward(policy, reference, beta);
  return sum(pairs.map((pair) => pair.share * softplus(-margin(implicit, pair)))) / labels(pairs);
}

/** Its gradient to the policy's logits, whose normalisation cancels in every pair. */
export function dpoGradient(policy: Row, reference: Row, pairs: Pair[], beta: number): number[] {
  const implicit = implicitReward(policy, reference, beta);
  const gradient = reference.map(() => 0);
  for (const pair of pairs) {
    const pull = (pair.share * beta * sigmoid(-margin(implicit, pair))) / labels(pairs);
    gradient[pair.chosen]! -= pull;
    gradient[pair.rejected]! += pull;
  }
  return gradient;
}

/** The policy after `steps` of gradient descent on all pairs, from the reference. n answers make a curvature of β²/2(n − 1) at most: a step is one over it. */
export function descended(reference: Row, pairs: Pair[], beta: number, steps: number): number[] {
  const compared = new Set(pairs.map(({ chosen }) => chosen)).size;
  const rate = (2 * (compared - 1)) / beta ** 2;
  let logits: number[] = reference.map(Math.log);
  for (let step = 0; step < steps; step++) {
    const gradient = dpoGradient(softmax(logits), reference, pairs, beta);
    logits = logits.map((logit, y) => logit - rate * gradient[y]!);
  }
  return softmax(logits);
}
