// GRPO and RLOO against TRL 1.16.0's own losses and gradients (data/golden/make-group-losses.py).
import { describe, expect, test } from "vitest";
import golden from "../../../data/golden/losses/trl-1.16-group.json" with { type: "json" };
import { tf } from "../../engine/tensorflow";
import { sumOfScored } from "../../inference/scored-tokens";
import { type GrpoOptions, groupAdvantages, grpoLoss, tokenWeight } from "../grpo/loss";
import { leaveOneOut, rlooLoss, whitenGiven } from "../rloo/loss";

const { lengths } = golden;
const C = golden.old[0]!.length;
const mask = tf.tensor2d(lengths.map((length) => Array.from({ length: C }, (_, t) => (t < length ? 1 : 0))));
const [old, reference, logProbs] = [golden.old, golden.reference, golden.logps].map((rows) => tf.tensor2d(rows)) as [
  tf.Tensor2D,
  tf.Tensor2D,
  tf.Tensor2D,
];

/** Value and gradient, each number within 1e-6 of TRL's, or a millionth of it. */
function expectSame(loss: (x: tf.Tensor2D) => tf.Scalar, wanted: { loss: number; gradient: number[][] }): void {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x as tf.Tensor2D))(logProbs);
  const near = (found: number, expected: number) =>
    expect(Math.abs(found - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
  near(value.dataSync()[0]!, wanted.loss);
  (grad.arraySync() as number[][]).flat().forEach((found, i) => {
    near(found, wanted.gradient.flat()[i]!);
  });
}

/** GRPO's loss over these masks, each token by the weight that the method gives it. */
function expectGrpo({ options, ...wanted }: (typeof golden.grpo)[number], scored: tf.Tensor2D): void {
  const counts = scored.sum(1).arraySync() as number[];
  const tokens = counts.reduce((a, b) => a + b, 0);
  const given = { ...options, epsilon: 0.2 } as GrpoOptions;
  const advantages = groupAdvantages(golden.scores, "group").flat();
  const maxCompletionLength = golden.max_completion_length;
  const sizes = { rows: counts.length, tokens, tokensOfRollout: tokens, maxCompletionLength };
  const weights = tf.tensor2d(counts.map((count) => [tokenWeight(given.lossType, count, sizes)]));
  expectSame((own) => {
    const sampled = { logProbs: old, reference, advantages: tf.tensor2d(advantages, [counts.length, 1]), mask: scored };
    return grpoLoss(own, sampled, given).losses.mul(scored).mul(weights).sum() as tf.Scalar;
  }, wanted);
}

test.each(golden.grpo.map((one) => [JSON.stringify(one.options), one] as const))("GRPO %s", (_, one) => {
  expectGrpo(one, mask);
});

test.each(golden.grpo_in_turns.map((one) => [JSON.stringify(one.options), one] as const))(
  "GRPO %s over episodes, whose environment gave some of the tokens",
  (_, one) => {
    const own = (row: number, t: number) => !((golden.given as Record<string, number[]>)[row] ?? []).includes(t);
    const rows = lengths.map((length, row) => Array.from({ length: C }, (_, t) => Number(t < length && own(row, t))));
    expectGrpo(one, tf.tensor2d(rows));
  },
);

test("RLOO: advantages, value and gradient", () => {
  const advantages = leaveOneOut(golden.scores) as number[][];
  advantages.flat().forEach((advantage, i) => {
    expect(advantage).toBeCloseTo(golden.rloo.advantages.flat()[i]!, 6);
  });
  expectSame((own) => {
    const sums = (x: tf.Tensor2D) => sumOfScored(x, { mask });
    const sampled = { logProbs: sums(old), advantages: tf.tensor1d(advantages.flat()) };
    return rlooLoss(sums(own), sampled, { epsilon: 0.2 }).losses.mean() as tf.Scalar;
  }, golden.rloo);
});

describe("answers without a reward, as TRL 1.16 leaves them out (nanmean, nanstd, and advantage 0 for what is no number)", () => {
  const groups = [
    [1, null, 4, 4],
    [null, 2, null, null],
    [null, null, null, null],
  ];

  test("GRPO: mean and standard deviation are those of the others", () => {
    expect(groupAdvantages(groups, "none")).toEqual([[-2, 0, 1, 1], Array(4).fill(0), Array(4).fill(0)]);
    const one = Math.sqrt((4 + 1 + 1) / 2) + 1e-4; // of 1, 4, 4 around 3
    expect(groupAdvantages(groups, "group")[0]).toEqual([-2 / one, 0, 1 / one, 1 / one]);
    const all = Math.sqrt((1.75 ** 2 + 1.25 ** 2 + 1.25 ** 2 + 0.75 ** 2) / 3) + 1e-4; // of 1, 4, 4, 2 around 2.75
    expect(groupAdvantages(groups, "batch").flat()).toEqual([-2 / all, 0, 1 / all, 1 / all, ...Array(8).fill(0)]);
  });

  test("RLOO: the baseline is the mean of those others that have one, and whitening counts no others", () => {
    const advantages = leaveOneOut(groups);
    expect(advantages).toEqual([[-3, null, 1.5, 1.5], Array(4).fill(null), Array(4).fill(null)]);
    const white = whitenGiven(advantages);
    const one = Math.sqrt((9 + 2 * 1.5 ** 2) / 2); // around 0
    for (const [i, value] of [-3 / one, 0, 1.5 / one, 1.5 / one].entries()) expect(white[0]![i]).toBeCloseTo(value, 6);
    expect(white.slice(1).flat()).toEqual(Array(8).fill(0));
    expect(whitenGiven(groups.slice(2))).toEqual([[0, 0, 0, 0]]);
  });
});

test("a group whose answers score alike teaches nothing, whatever the scale", () => {
  for (const scale of ["group", "batch", "none"] as const)
    expect(
      groupAdvantages(
        [
          [2, 2],
          [1, 3],
        ],
        scale,
      )[0],
    ).toEqual([0, 0]);
});
