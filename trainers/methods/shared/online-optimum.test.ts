// Where methods that sample end, for a policy that is a table: every answer is taken as often as the policy says it, so nothing is left to chance.
import { expect, test } from "vitest";
import { dpo } from "../../../spec/methods/dpo";
import {
  answers,
  beta,
  distance,
  pairs,
  prompts,
  reference,
  referenceLogits,
  reward,
  rewardOptimum,
  softmax,
  tabularOptimizer,
} from "../../../test/tabular";
import { tf } from "../../engine/tensorflow";
import { dpoLoss } from "../dpo/loss";
import { generalizedAdvantages, policyLoss } from "../ppo/loss";
import { normalizedAdvantages } from "../reinforce-plus-plus/advantages";
import { leaveOneOut, rlooLoss } from "../rloo/loss";

const pairsOf = (n: number) => Array.from({ length: n * n }, (_, at) => [Math.floor(at / n), at % n] as const);
const tableOf = (logits: tf.Variable) => (logits.arraySync() as number[][]).map(softmax);

test("PPO with the KL in its reward ends where KL-regularised reward maximisation does", () => {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  for (let update = 0; update < 200; update++) {
    const policy = tableOf(logits);
    const scores = policy.map((row, x) => row.map((p, y) => reward[x]![y]! - beta * Math.log(p / reference[x]![y]!)));
    const advantages = scores.map((row, x) => {
      const value = row.reduce((sum, score, y) => sum + policy[x]![y]! * score, 0); // a critic that knows
      return row.map((score) => generalizedAdvantages([score], [value], { gamma: 1, lam: 0.95 }).advantages[0]!);
    });
    const sampled = {
      logProbs: tf.tensor2d(policy.map((row) => row.map(Math.log))),
      advantages: tf.tensor2d(advantages),
      values: tf.zerosLike(logits) as tf.Tensor2D,
      returns: tf.zerosLike(logits) as tf.Tensor2D,
    };
    const share = tf.tensor2d(policy);
    for (let epoch = 0; epoch < 2; epoch++) {
      const { grads } = tf.variableGrads(() => {
        const logProbs = tf.logSoftmax(logits.clone()) as tf.Tensor2D;
        const { losses } = policyLoss(logProbs, sampled, { cliprange: 0.2, dualClip: null, logRatioClamp: 20 });
        return losses.mul(share).sum() as tf.Scalar;
      });
      optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.98 ** update);
    }
    tf.dispose([sampled, share]);
  }
  expect(distance(reference, rewardOptimum)).toBeGreaterThan(0.1);
  expect(distance(tableOf(logits), rewardOptimum)).toBeLessThan(1e-3);
});

test("RLOO ends there too", () => {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const both = pairsOf(answers);
  for (let update = 0; update < 200; update++) {
    const policy = tableOf(logits);
    const rewards = policy.map((row, x) => row.map((p, y) => reward[x]![y]! - beta * Math.log(p / reference[x]![y]!)));
    // every group of two that the policy may draw, with its probability; what its first answer learns from the second
    const groups = rewards.flatMap((row, x) =>
      both.map(([i, j]) => ({ x, i, share: policy[x]![i]! * policy[x]![j]!, scores: [row[i]!, row[j]!] })),
    );
    const at = tf.tensor1d(
      groups.map(({ x, i }) => x * answers + i),
      "int32",
    );
    const sampled = {
      logProbs: tf.tensor1d(groups.map(({ x, i }) => Math.log(policy[x]![i]!))),
      advantages: tf.tensor1d(leaveOneOut(groups.map(({ scores }) => scores)).map(([first]) => first!)),
    };
    const share = tf.tensor1d(groups.map((group) => group.share));
    for (let epoch = 0; epoch < 2; epoch++) {
      const { grads } = tf.variableGrads(() => {
        const logProbs = tf.gather(tf.logSoftmax(logits.clone()).flatten(), at) as tf.Tensor1D;
        const { losses } = rlooLoss(logProbs, sampled, { epsilon: 0.2 });
        return losses.mul(share).sum() as tf.Scalar;
      });
      optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.98 ** update);
    }
    tf.dispose([at, sampled, share]);
  }
  expect(distance(tableOf(logits), rewardOptimum)).toBeLessThan(1e-3);
});

test.each(["batch", "group"] as const)("REINFORCE++ ends there too: baseline %s", (baseline) => {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  for (let update = 0; update < 200; update++) {
    // as many answers to a prompt as its probability says of 1000
    const policy = tableOf(logits);
    const groups = policy.map((row, x) =>
      row.flatMap((p, y) => {
        const answer = { at: x * answers + y, score: reward[x]![y]!, kl: [Math.log(p / reference[x]![y]!)] };
        return Array<typeof answer>(Math.round(1000 * p)).fill(answer);
      }),
    );
    const normalized = normalizedAdvantages(groups, { baseline, beta });
    const [advantages, shares] = [new Float32Array(prompts * answers), new Float32Array(prompts * answers)];
    for (const [i, { at }] of groups.flat().entries()) {
      advantages[at] = normalized[i]![0]!;
      shares[at]! += 1 / 1000;
    }
    const sampled = {
      logProbs: tf.tensor2d(policy.map((row) => row.map(Math.log))),
      advantages: tf.tensor2d(advantages, [prompts, answers]),
    };
    const share = tf.tensor2d(shares, [prompts, answers]);
    for (let epoch = 0; epoch < 2; epoch++) {
      const { grads } = tf.variableGrads(() => {
        const logProbs = tf.logSoftmax(logits.clone());
        const { losses } = policyLoss(logProbs, sampled, { cliprange: 0.2, dualClip: null, logRatioClamp: 20 });
        return losses.mul(share).sum() as tf.Scalar;
      });
      optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.98 ** update);
    }
    tf.dispose([sampled, share]);
  }
  expect(distance(tableOf(logits), rewardOptimum)).toBeLessThan(1e-3);
});

test.each([
  ["iterative DPO", 8, 60],
  ["online DPO", 480, 1],
])("%s on the policy's own answers ends there too", (_, rounds, steps) => {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const order = tf.tensor1d([...pairs.map(({ i }) => i), ...pairs.map(({ j }) => j)], "int32");
  const logProbs = (x: tf.Tensor) => tf.gather(tf.logSoftmax(x).flatten(), order).expandDims<tf.Tensor2D>(1);
  const start = tf.tidy(() => logProbs(logits.clone()));
  const options = dpo.options.parse({ beta });
  for (let round = 0; round < rounds; round++) {
    const drawn = tableOf(logits).flat();
    const often = pairs.map(({ i, j, wins }) => drawn[i]! * drawn[j]! * wins); // both sampled, the first preferred
    const weights = tf.tensor1d(often.map((share) => (share * pairs.length) / prompts));
    for (let step = 0; step < steps; step++) {
      const { grads } = tf.variableGrads(() => {
        const answers = { logProbs: logProbs(logits), mask: tf.onesLike(start) };
        return dpoLoss(answers, start, options, tf.scalar(1), weights).loss;
      });
      optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.99 ** (steps * round + step));
    }
  }
  expect(distance(tableOf(logits), rewardOptimum)).toBeLessThan(1e-3);
});

test("DPO cannot tell a policy that answers well from one that says what no pair holds; PPO's objective can", () => {
  // Xu et al. 2024 (arXiv 2404.10719, section 4): the pair is (good, bad), a third answer is never seen.
  const prior = [0.4, 0.4, 0.2].map(Math.log);
  const sound = [0.9, 0.001, 0.099];
  const unseen = [0.01, 0.01 / 900, 0.99 - 0.01 / 900];
  const loss = (policy: number[]) => {
    const two = (row: number[]) => tf.tensor2d([[row[0]!], [row[1]!]]);
    const logProbs = two(policy.map(Math.log));
    return dpoLoss({ logProbs, mask: tf.onesLike(logProbs) }, two(prior), dpo.options.parse({ beta }), tf.scalar(1))
      .loss;
  };
  expect(loss(unseen).dataSync()[0]).toBeCloseTo(loss(sound).dataSync()[0]!, 5);
  const rewards = [1, -1, -1];
  const objective = (policy: number[]) =>
    policy.reduce((sum, p, y) => sum + p * (rewards[y]! - beta * (Math.log(p) - prior[y]!)), 0);
  expect(objective(sound)).toBeGreaterThan(objective(unseen) + 1);
});
