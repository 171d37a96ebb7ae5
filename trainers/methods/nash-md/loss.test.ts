// Nash-MD's loss beside TRL 1.12.0's (data/golden/make-nash-md.py), and where it leads in a game without a best answer.
import { expect, test } from "vitest";
import golden from "../../../data/golden/losses/trl-1.12-nash-md.json" with { type: "json" };
import { sum } from "../../../spec/statistics";
import { expectClose } from "../../../test/golden";
import { softmax } from "../../../test/tabular";
import { tf } from "../../engine/tensorflow";
import { nashMdLosses } from "./loss";

test.each(golden.cases)("loss, its parts and gradient are TRL's: β = $beta", ({ beta, loss, score, kl, gradient }) => {
  const [logProbs, reference, mask] = [golden.logps, golden.reference_logps, golden.mask].map((rows) =>
    tf.tensor2d(rows),
  ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const of = (x: tf.Tensor, penalty = beta) =>
    nashMdLosses({ logProbs: x as tf.Tensor2D, mask }, reference, tf.tensor1d(golden.probability), { beta: penalty });
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => of(x).losses.mean<tf.Scalar>())(logProbs);
  expectClose(value, loss);
  expectClose(grad, gradient);
  expectClose(of(logProbs).kl, kl);
  expectClose(of(logProbs, 0).losses.neg(), score);
});

/** Probability that the answer of the row, rock, paper or scissors, is preferred to that of the column. */
const game = [
  [0.5, 0.4, 0.9],
  [0.6, 0.5, 0.3],
  [0.1, 0.7, 0.5],
];
/** Of each answer against one that `policy` draws. */
const against = (policy: number[]) => game.map((row) => sum(row.map((p, y) => p * policy[y]!)));
/** What the best answer wins against `policy` beyond ½: 0 for the Nash policy alone. */
const exploited = (policy: number[]) => Math.max(...against(policy)) - 0.5;

/** ∝ π^(1 − share) μ^share */
const mixtureOf = (policy: number[], reference: number[], share: number) =>
  softmax(policy.map((p, y) => (1 - share) * Math.log(p) + share * Math.log(reference[y]!)));

const reference = [0.5, 0.3, 0.2];

/** Where policy gradients of the loss end, every pair of answers taken as often as it is drawn. */
function learned(beta: number, share: number, steps: number): number[] {
  const given = tf.tensor2d(reference.map((p) => [Math.log(p)]));
  const mask = tf.ones<tf.Rank.R2>([3, 1]);
  let logits = [2, 0, 0];
  for (let step = 0; step < steps; step++) {
    const policy = softmax(logits);
    const wins = against(mixtureOf(policy, reference, share)); // the loss is linear in them, so their mean will do
    const gradient = tf.tidy(() => {
      const [probabilities, often] = [tf.tensor1d(wins), tf.tensor1d(policy)];
      const lossOf = (x: tf.Tensor) => {
        const logProbs = tf.logSoftmax(x).expandDims<tf.Tensor2D>(1);
        return nashMdLosses({ logProbs, mask }, given, probabilities, { beta }).losses.mul(often).sum();
      };
      return tf.grad(lossOf)(tf.tensor1d(logits)).dataSync();
    });
    logits = logits.map((x, y) => x - (0.5 * gradient[y]!) / policy[y]!); // rare answers as fast as common ones
  }
  tf.dispose([given, mask]);
  return softmax(logits);
}

/** The policy that best answers its own mixture at a price of β a nat, π ∝ μ exp(P(· ≻ mixture) / β), found by damped iteration. */
function equilibrium(beta: number, share: number): number[] {
  let logits = reference.map(Math.log);
  for (let i = 0; i < 20_000; i++) {
    const wins = against(mixtureOf(softmax(logits), reference, share));
    logits = logits.map((x, y) => 0.99 * x + 0.01 * (Math.log(reference[y]!) + wins[y]! / beta));
  }
  return softmax(logits);
}

test.each([
  [0.1, 0.5],
  [0.1, 0],
  [0.05, 0.125],
])("with β = %f and %f of the reference mixed in, it ends where each answer is worth its price", (beta, share) => {
  const [policy, optimum] = [learned(beta, share, 600), equilibrium(beta, share)];
  expect(Math.max(...optimum.map((p, y) => Math.abs(p - reference[y]!)))).toBeGreaterThan(0.05);
  for (const [y, p] of optimum.entries()) expect(Math.abs(policy[y]! - p)).toBeLessThan(1e-4);
});

test("in self-play its last policy is near the Nash policy of a cyclic game; without the KL it goes round it", () => {
  const beta = 0.05;
  // There P(y ≻ π) − ½ = β (log π(y)/μ(y) − KL(π ‖ μ)) for every y, which is β log 1/μ(y) at most.
  expect(exploited(learned(beta, 0, 600))).toBeLessThan(beta * Math.log(1 / Math.min(...reference)));
  expect(exploited(learned(0, 0, 600))).toBeGreaterThan(0.05);
});
