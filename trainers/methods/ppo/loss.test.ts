// Expected numbers: TRL 1.12.0, the last release with PPO; adaptive KL by its controller.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { whiten } from "../../../spec/statistics";
import { expectClose } from "../../../test/golden";
import { tf } from "../../engine/tensorflow";
import { klEstimate } from "../shared/rollout";
import { adaptedKl, generalizedAdvantages, policyLoss, valueLoss } from "./loss";

type Rows = number[][];
interface Case {
  scores: number[];
  rewards: Rows;
  advantages: Rows;
  returns: Rows;
  pg_loss: number;
  vf_loss: number;
  loss: number;
  pg_clipfrac: number;
  vf_clipfrac: number;
  approxkl: number;
  mean_kl: number;
  grad_new_logprobs: Rows;
  grad_vpred: Rows;
}
const golden = JSON.parse(readFileSync("data/golden/losses/trl-1.12-ppo.json", "utf8")) as {
  inputs: Record<"responses" | "logprobs" | "ref_logprobs" | "values" | "new_logprobs" | "vpred", Rows> & {
    scores: number[];
    PAD: number;
    EOS: number;
  };
  cases: Record<string, Case>;
  [adaptive: string]: unknown;
};
const { inputs, cases } = golden;
const lengths = inputs.responses.map((row) => (row.includes(inputs.PAD) ? row.indexOf(inputs.PAD) : row.length));
/** The score stands one token after EOS where there is room: TRL's placement. */
const fed = lengths.map((length) => Math.min(length + 1, inputs.responses[0]!.length));

const options = { estimator: "k1", gamma: 1, lam: 0.95, kl: 0.05, penalty: 0, whitenRewards: false } as const;
const settings: Record<string, Partial<Record<keyof typeof options, unknown>>> = {
  default: {},
  k3: { estimator: "k3" },
  whiten_rewards: { whitenRewards: true },
  "missing_eos_penalty=1": { penalty: 1 },
  "gamma=.99 lam=.9": { gamma: 0.99, lam: 0.9 },
  "kl_coef=0": { kl: 0 },
};

/** A mean of terms of about 1, which largely cancel. */
const expectNear = (actual: tf.Tensor, expected: number) =>
  expect(Math.abs(actual.dataSync()[0]! - expected)).toBeLessThan(1e-6);

test("has a case for each of TRL's", () => {
  expect(Object.keys(settings).sort()).toEqual(Object.keys(cases).sort());
});

test.each(Object.keys(settings))("equals TRL's rewards, advantages, losses and gradients: %s", (name) => {
  const { estimator, gamma, lam, kl, penalty, whitenRewards } = { ...options, ...settings[name] } as typeof options;
  const expected = cases[name]!;
  const cut = (rows: Rows, upTo = fed) => rows.map((row, i) => row.slice(0, upTo[i]));
  const given = lengths.map((length, i) =>
    Array.from({ length: fed[i]! }, (_, t) => {
      const ended = inputs.responses[i]!.includes(inputs.EOS);
      const score = t === fed[i]! - 1 ? inputs.scores[i]! - (ended ? 0 : penalty) : 0;
      const ratio = t < length ? inputs.logprobs[i]![t]! - inputs.ref_logprobs[i]![t]! : 0;
      return score - kl * klEstimate(estimator, ratio);
    }),
  );
  const rewards = whitenRewards ? whiten(given, true) : given;
  const values = cut(inputs.values);
  const estimates = rewards.map((row, i) => generalizedAdvantages(row, values[i]!, { gamma, lam }));
  const advantages = whiten(estimates.map((row, i) => row.advantages.slice(0, lengths[i])));
  const returns = estimates.map((row) => row.returns);
  const flat = (rows: Rows) => tf.tensor1d(rows.flat());
  expectClose(flat(rewards), cut(expected.rewards).flat());
  expectClose(flat(returns), cut(expected.returns).flat());
  expectClose(flat(advantages), cut(expected.advantages, lengths).flat());

  const columns = inputs.responses[0]!.length;
  const wide = (rows: Rows) => tf.tensor2d(rows.map((row) => Array.from({ length: columns }, (_, t) => row[t] ?? 0)));
  const mask = wide(lengths.map((length) => Array<number>(length).fill(1)));
  const valueMask = wide(fed.map((length) => Array<number>(length).fill(1)));
  const sampled = {
    logProbs: tf.tensor2d(inputs.logprobs),
    advantages: wide(advantages),
    values: wide(values),
    returns: wide(returns),
  };
  const over = (values: tf.Tensor, of: tf.Tensor) => values.mul(of).sum().div(of.sum());
  const parts = (logProbs: tf.Tensor, predicted: tf.Tensor) => ({
    policy: policyLoss(logProbs as tf.Tensor2D, sampled, { cliprange: 0.2, dualClip: null, logRatioClamp: 20 }),
    value: valueLoss(predicted as tf.Tensor2D, sampled, { cliprangeValue: 0.2 }),
  });
  const { value, grads } = tf.valueAndGrads((logProbs, predicted) => {
    const { policy, value } = parts(logProbs!, predicted!);
    return over(policy.losses, mask).add(over(value.losses, valueMask).mul(0.1)) as tf.Scalar;
  })([tf.tensor2d(inputs.new_logprobs), tf.tensor2d(inputs.vpred)]);
  expectNear(value, expected.loss);
  expectClose(grads[0]!, expected.grad_new_logprobs);
  // Token 4 of answer 2 lies on the corner of the clip, where any slope between the sides' is right: torch takes 3/4 of ours.
  const slopes = expected.grad_vpred.map((row, i) =>
    row.map((slope, t) => (i === 2 && t === 4 ? slope / 0.75 : slope)),
  );
  expectClose(grads[1]!, slopes);
  const { policy, value: predicted } = parts(tf.tensor2d(inputs.new_logprobs), tf.tensor2d(inputs.vpred));
  expectNear(over(policy.losses, mask), expected.pg_loss);
  expectNear(over(predicted.losses, valueMask), expected.vf_loss);
  expectNear(over(policy.clipped, mask), expected.pg_clipfrac);
  expectNear(over(predicted.clipped, valueMask), expected.vf_clipfrac);
});

test("adapts the KL coefficient as TRL's controller did", () => {
  const name = Object.keys(golden).find((key) => key.startsWith("adaptive_kl"))!;
  let coefficient = 0.15;
  for (const [kl, expected] of golden[name] as [number, number][]) {
    coefficient = adaptedKl(coefficient, kl, 512, { target: 6, horizon: 10000 });
    expect(coefficient).toBeCloseTo(expected, 12);
  }
});

test("dual clip bounds the loss of a bad token whose probability grew", () => {
  // ratio e² = 7.389 at A = −1: PPO's loss is 7.389, dual clip at 3 gives 3; at A = +1 the clip 1.2 holds as before
  const sampled = {
    logProbs: tf.tensor2d([[0, 0]]),
    advantages: tf.tensor2d([[-1, 1]]),
    values: tf.zeros<tf.Rank.R2>([1, 2]),
    returns: tf.zeros<tf.Rank.R2>([1, 2]),
  };
  const loss = (dualClip: number | null) => [
    ...policyLoss(tf.tensor2d([[2, 2]]), sampled, { cliprange: 0.2, dualClip, logRatioClamp: 20 }).losses.dataSync(),
  ];
  expect(loss(null)[0]).toBeCloseTo(Math.exp(2), 5);
  expect(loss(3)).toEqual([3, expect.closeTo(-1.2, 6)]);
});
