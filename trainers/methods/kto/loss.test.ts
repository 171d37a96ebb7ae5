// Expected numbers: TRL 1.16.0; BCO's TRL 1.12.0 (data/golden/make-bco.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectClose, golden, inputs, scored } from "../../../test/golden";
import { tf } from "../../engine/tensorflow";
import { ktoLosses, referencePoint } from "./loss";
import { runningMean } from "./running-mean";

const { KL_policy_per_token_logps: policyKl, KL_ref_per_token_logps: referenceKl } = golden.kto_inputs;
const total = (row: number[]) => row.reduce((a, b) => a + b, 0);
const mismatched = policyKl.map((row, i) => total(row) - total(referenceKl[i]!));
const [good, bad] = [true, false];
const halves = [good, good, good, bad, bad, bad];
const options = {
  beta: 0.1,
  lossType: "kto",
  desirableWeight: 1,
  undesirableWeight: 1,
  klPartner: "previous-row",
} as const;

const cases = [
  { name: "kto" },
  { name: "kto w=(1.33,1)", options: { desirableWeight: 1.33 } },
  { name: "kto KL negative->clamped 0", ratios: mismatched.map((x) => -x) },
  { name: "kto all-desirable", labels: Array<boolean>(6).fill(good) },
  { name: "kto labels TFTFTF", labels: [good, bad, good, bad, good, bad] },
  { name: "apo_zero_unpaired", options: { lossType: "apo_zero_unpaired" as const } },
];

test("has a case for each of TRL's", () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(golden.kto).sort());
});

test.each(cases)(
  "equals TRL's $name, loss and gradient",
  ({ name, options: more, labels = halves, ratios = mismatched }) => {
    const expected = golden.kto[name]!;
    const { policy, reference, mask } = inputs;
    const desirable = tf.tensor1d(labels.map((label) => (label ? 1 : 0)));
    const kl = tf.scalar(referencePoint(ratios));
    if (name !== "apo_zero_unpaired") expectClose(kl, expected.metrics.kl!);
    const { value, grad } = tf.valueAndGrad((x) => {
      const delta = x.sub(reference).mul(mask).sum<tf.Tensor1D>(1);
      return ktoLosses({ delta, desirable, kl }, { ...options, ...more }).mean();
    })(policy);
    expectClose(value, expected.loss);
    expectClose(grad, scored(expected.grad_per_token_logps));
  },
);

interface BcoBatch {
  labels: number[];
  /** What the policy's log-probabilities are multiplied by. */
  scale: number;
  loss: number;
  delta: number;
  grad_per_token_logps: number[][];
}

test("BCO equals TRL's, loss and gradient, over batches whose mean goes on from one to the next", () => {
  const { batches } = JSON.parse(readFileSync("data/golden/losses/trl-1.12-bco.json", "utf8")) as {
    batches: BcoBatch[];
  };
  const { policy, reference, mask } = inputs;
  const sums = (scores: tf.Tensor) => scores.sub(reference).mul(mask).sum<tf.Tensor1D>(1);
  const shift = runningMean();
  batches.forEach(({ labels, scale, loss, delta: expected, grad_per_token_logps }, step) => {
    shift.begin(step);
    shift.add([9]); // what is asked for again counts once
    shift.begin(step);
    const kl = tf.scalar(shift.add([...sums(policy.mul(scale)).dataSync()]));
    expect(kl.mul(options.beta).dataSync()[0]).toBeCloseTo(expected, 7);
    const { value, grad } = tf.valueAndGrad((x) =>
      ktoLosses({ delta: sums(x), desirable: tf.tensor1d(labels), kl }, { ...options, lossType: "bco" }).mean(),
    )(policy.mul(scale));
    expectClose(value, loss);
    expectClose(grad, scored(grad_per_token_logps));
  });
  expect(batches.map(({ labels }) => labels.includes(0))).toEqual([true, false, true]);
});
