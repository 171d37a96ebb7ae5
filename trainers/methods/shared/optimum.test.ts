// Where training ends is known for a policy that is a table: 6 prompts with 8 answers each, every pair ranked as Bradley and Terry say.
import { expect, test } from "vitest";
import { dpo } from "../../../spec/methods/dpo";
import { kto } from "../../../spec/methods/kto";
import { simpo } from "../../../spec/methods/simpo";
import {
  answers,
  beta,
  distance,
  pairs,
  permutations,
  prompts,
  reference,
  referenceLogits,
  reward,
  rewardOptimum,
  sigmoid,
  softmax,
  tabularOptimizer,
} from "../../../test/tabular";
import { tf } from "../../engine/tensorflow";
import { type DpoOptions, dpoLoss } from "../dpo/loss";
import { ktoLosses } from "../kto/loss";
import { plackettLuceLosses, remainingSets } from "../listwise/loss";
import { simpoLoss } from "../simpo/loss";

/** Of picking answers with these rewards in this order. */
const orderProbability = (rewards: number[]): number =>
  rewards.reduce((p, _, i) => p * softmax(rewards.slice(i))[0]!, 1);

type PairLogProbs = { logProbs: tf.Tensor2D; mask: tf.Tensor2D }; // [2·pairs, 1], chosen first

/** The table after full-batch descent on `loss` of every ordered pair; `weights` are how often each occurs. */
function descended(
  loss: (answers: PairLogProbs, start: tf.Tensor2D, weights: tf.Tensor1D) => tf.Tensor,
  flips: number,
): number[][] {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const order = tf.tensor1d([...pairs.map(({ i }) => i), ...pairs.map(({ j }) => j)], "int32");
  const weights = tf.tensor1d(pairs.map(({ wins }) => (1 - flips) * wins + flips * (1 - wins)));
  const logProbs = (x: tf.Tensor) => tf.gather(tf.logSoftmax(x).flatten(), order).expandDims<tf.Tensor2D>(1);
  const start = tf.tidy(() => logProbs(logits.clone()));
  const mask = tf.onesLike(start);
  for (let step = 0; step < 400; step++) {
    const { grads } = tf.variableGrads(
      () => loss({ logProbs: logProbs(logits), mask }, start, weights).mean() as tf.Scalar,
    );
    optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.99 ** step);
  }
  return (logits.arraySync() as number[][]).map(softmax);
}

/** The table after DPO on those pairs, of which a share `flips` is labelled the wrong way round. */
const trained = (options: Partial<DpoOptions>, flips = 0): number[][] =>
  descended(
    (answers, start, weights) =>
      dpoLoss(answers, start, { ...dpo.options.parse({ beta }), ...options }, tf.scalar(1), weights).loss,
    flips,
  );

test("DPO ends where KL-regularised reward maximisation does", () => {
  expect(distance(reference, rewardOptimum)).toBeGreaterThan(0.1);
  expect(distance(trained({}), rewardOptimum)).toBeLessThan(1e-3);
});

test("robust DPO ends there too when a fifth of the labels is flipped, and DPO does not", () => {
  expect(distance(trained({ lossType: "robust", labelSmoothing: 0.2 }, 0.2), rewardOptimum)).toBeLessThan(1e-3);
  expect(distance(trained({}, 0.2), rewardOptimum)).toBeGreaterThan(1e-2);
});

test("listwise DPO ends there too, on rankings drawn as Plackett and Luce say", () => {
  const orders = permutations([0, 1, 2, 3]);
  const rows = reward.flatMap((row, prompt) =>
    orders.map((order) => ({ prompt, order, share: orderProbability(order.map((i) => row[i]!)) })),
  );
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const start = tf.tensor2d(referenceLogits.map((row) => softmax(row).map(Math.log)));
  const asked = tf.tensor1d(
    rows.map(({ prompt }) => prompt),
    "int32",
  );
  const sets = rows.map(({ order }) => remainingSets([0, 1, 2, 3].map((i) => order.indexOf(i))));
  const members = tf.tensor3d(sets.map((row) => row.map((set) => [...set.members, 0, 0, 0, 0].slice(0, 4))));
  const shares = tf.tensor2d(sets.map((row) => row.map(({ share }) => share)));
  const weights = tf.tensor1d(rows.map(({ share }) => share));
  const optimizer = tabularOptimizer(logits);
  for (let step = 0; step < 400; step++) {
    const { grads } = tf.variableGrads(() => {
      const ratios = tf.logSoftmax(logits.clone()).sub(start).mul(beta).slice([0, 0], [-1, 4]);
      return plackettLuceLosses(tf.gather(ratios, asked) as tf.Tensor2D, members, shares)
        .mul(weights)
        .sum() as tf.Scalar;
    });
    optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.99 ** step);
  }
  // Only four of the eight answers are ever ranked: among them the policy is the optimum's.
  const among = (table: number[][]) => table.map((row) => softmax(row.slice(0, 4).map(Math.log)));
  const policy = (logits.arraySync() as number[][]).map(softmax);
  expect(distance(among(policy), among(rewardOptimum))).toBeLessThan(1e-3);
  expect(distance(among(reference), among(rewardOptimum))).toBeGreaterThan(0.1);
});

test("IPO ends at its own optimum", () => {
  // Σ_ij p_ij (h_i − h_j − 1/2β)² over all ordered pairs is least at h_i = Σ_j p_ij / (n β) + constant, p_ii = ½; h = log π/π_ref.
  const optimum = reference.map((row, x) =>
    softmax(
      row.map(
        (p, i) => Math.log(p) + reward[x]!.reduce((sum, r) => sum + sigmoid(reward[x]![i]! - r), 0) / (answers * beta),
      ),
    ),
  );
  expect(distance(trained({ lossType: "ipo" }), optimum)).toBeLessThan(1e-3);
  expect(distance(optimum, rewardOptimum)).toBeGreaterThan(1e-2); // which is another one
});

test("SimPO without a target margin ends at exp(r/β), whatever the reference was", () => {
  const options = { ...simpo.options.parse({ beta, gamma: 0 }) };
  const policy = descended((answers, _, weights) => simpoLoss(answers, options, tf.scalar(1)).losses.mul(weights), 0);
  const optimum = reward.map((row) => softmax(row.map((r) => r / beta)));
  expect(distance(policy, optimum)).toBeLessThan(1e-3);
  expect(distance(policy, rewardOptimum)).toBeGreaterThan(1e-2);
});

test("KTO has no optimum inside: probability leaves every answer that is bad more often than good", () => {
  // Each answer is called good as often as it beats the prompt's mean; the loss of a row is p + (1 − 2p) σ(β(Δ − z)), monotone in Δ.
  const good = reward.map((row) => row.map((r) => sigmoid(r - row.reduce((a, b) => a + b, 0) / answers)));
  const flat = tf.tensor1d(good.flat());
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const start = tf.tensor1d(reference.flat().map(Math.log));
  const optimizer = tabularOptimizer(logits);
  /** Probability of answers that are good more often than not, mean over the prompts. */
  const share = () =>
    (logits.arraySync() as number[][])
      .map(softmax)
      .reduce((sum, row, x) => sum + row.reduce((a, p, y) => a + (good[x]![y]! > 0.5 ? p : 0), 0), 0) / prompts;
  const before = share();
  for (let step = 0; step < 400; step++) {
    const { grads } = tf.variableGrads(() => {
      const delta = tf.logSoftmax(logits.clone()).flatten().sub<tf.Tensor1D>(start);
      const losses = [1, 0].map((label) => {
        const desirable = tf.fill([flat.size], label) as tf.Tensor1D;
        const weight = label === 1 ? flat : tf.scalar(1).sub(flat);
        return ktoLosses({ delta, desirable, kl: tf.scalar(0) }, kto.options.parse({ beta })).mul(weight);
      });
      return tf.addN(losses).mean() as tf.Scalar;
    });
    optimizer.apply({ table: grads[logits.name]! }, 0.1);
  }
  expect(before).toBeLessThan(0.8);
  expect(share()).toBeGreaterThan(0.99);
});

test("BCO ends where DPO does, when an answer is called good as often as its reward is above its prompt's mean", () => {
  // The gradient is 0 where σ(β(Δ − z)) is that share: at βΔ = r + constant, which is π*. Its z, the mean of Δ, fits one prompt at a time.
  const [rewards, start] = [reward[0]!, tf.tensor1d(reference[0]!.map(Math.log))];
  const centre = rewards.reduce((a, b) => a + b, 0) / answers;
  const good = tf.tensor1d(rewards.map((r) => sigmoid(r - centre)));
  const logits = tf.variable(tf.tensor1d(referenceLogits[0]!));
  const optimizer = tabularOptimizer(logits);
  const ratios = () => tf.logSoftmax(logits.clone()).sub<tf.Tensor1D>(start);
  for (let step = 0; step < 400; step++) {
    const kl = tf.tidy(() => ratios().mean() as tf.Scalar); // what the running mean comes to
    const { grads } = tf.variableGrads(() => {
      const losses = [1, 0].map((label) => {
        const batch = { delta: ratios(), desirable: tf.fill<tf.Rank.R1>([answers], label), kl };
        const share = label === 1 ? good : tf.scalar(1).sub(good);
        return ktoLosses(batch, kto.options.parse({ beta, lossType: "bco" })).mul(share);
      });
      return tf.addN(losses).mean() as tf.Scalar;
    });
    optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.99 ** step);
  }
  const apart = (policy: number[]) => policy.reduce((kl, p, i) => kl + p * Math.log(p / rewardOptimum[0]![i]!), 0);
  expect(apart(softmax([...logits.dataSync()]))).toBeLessThan(1e-3);
  expect(apart(reference[0]!)).toBeGreaterThan(0.1);
});
