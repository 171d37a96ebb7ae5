// Expected numbers: TRL 1.16.0 (data/golden/make-distillation.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectClose } from "../../../test/golden";
import {
  distance,
  prompts,
  reference,
  referenceLogits,
  rewardOptimum,
  softmax,
  tabularOptimizer,
} from "../../../test/tabular";
import { positionDivergence } from "../../engine/divergence";
import { tf } from "../../engine/tensorflow";
import { distillationLoss } from "./loss";

type Matrix = number[][];
interface Case {
  beta: number;
  temperature: number;
  mask: Matrix;
  loss: number;
  gradient: Matrix[];
  headGradient: Matrix;
}
const { inputs, cases } = JSON.parse(readFileSync("data/golden/losses/trl-1.16-distillation.json", "utf8")) as {
  inputs: { student: Matrix[]; head: Matrix; teacher: Matrix[]; teacherHead: Matrix };
  cases: Case[];
};

const [teacher, teacherHead] = [tf.tensor2d(inputs.teacher.flat()), tf.tensor2d(inputs.teacherHead)];

/** Of hidden states [N, d] and a head [V, d] of the student. */
const lossOf = (states: tf.Tensor, weight: tf.Tensor, { beta, temperature, mask }: Case): tf.Scalar => {
  const { divergence } = positionDivergence(
    { states: states as tf.Tensor2D, head: { weight: weight as tf.Tensor2D, divisor: temperature } },
    { states: teacher, head: { weight: teacherHead, divisor: temperature } },
    beta,
  );
  const scored = tf.tensor2d(mask);
  return distillationLoss(divergence.reshape(scored.shape), scored);
};

test.each(cases)("equals TRL's, loss and gradient: β = $beta at temperature $temperature, $mask", (one) => {
  const [states, head] = [tf.tensor2d(inputs.student.flat()), tf.tensor2d(inputs.head)];
  const frozen = tf.valueAndGrad((states) => lossOf(states, head, one))(states);
  expectClose(frozen.value, one.loss);
  expectClose(frozen.grad, one.gradient.flat());
  const trained = tf.valueAndGrads((states, head) => lossOf(states!, head!, one))([states, tf.variable(head)]);
  expectClose(trained.value, one.loss);
  expectClose(trained.grads[0]!, one.gradient.flat());
  expectClose(trained.grads[1]!, one.headGradient);
});

test("over several chunks and under a soft cap it is the divergence of plain distributions, with their gradient", () => {
  const random = (rows: number, columns: number, seed: number) =>
    tf.randomNormal<tf.Rank.R2>([rows, columns], 0, 1, "float32", seed);
  const [states, others, weight, weights] = [random(300, 8, 1), random(300, 8, 2), random(11, 8, 3), random(300, 1, 4)];
  const head = { weight, divisor: 0.5, softCap: 2 };
  const plain = (hidden: tf.Tensor) =>
    tf.logSoftmax(
      tf
        .matMul(hidden as tf.Tensor2D, weight, false, true)
        .div(0.5)
        .div(2)
        .tanh()
        .mul(2),
    );
  const jsd = (hidden: tf.Tensor) => {
    const [s, t] = [plain(hidden).exp(), plain(others).exp()];
    const m = s.mul(0.7).add(t.mul(0.3));
    return t
      .mul(t.div(m).log())
      .mul(0.3)
      .add(s.mul(s.div(m).log()).mul(0.7))
      .sum(-1);
  };
  const of = (values: tf.Tensor) => values.mul(weights.flatten()).sum() as tf.Scalar;
  const fast = (hidden: tf.Tensor) =>
    positionDivergence({ states: hidden as tf.Tensor2D, head }, { states: others, head }, 0.3);
  const [ours, wanted] = [tf.grad((x) => of(fast(x).divergence)), tf.grad((x) => of(jsd(x)))].map((f) => f(states));
  expect(ours!.sub(wanted!).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  const said = fast(states);
  const near = (a: tf.Tensor, b: tf.Tensor) => expect(a.sub(b).abs().max().dataSync()[0]).toBeLessThan(2e-6);
  const [logS, logT] = [plain(states), plain(others)];
  near(said.divergence, jsd(states));
  near(said.kl, logS.exp().mul(logS.sub(logT)).sum(-1));
  near(said.entropy, logS.exp().mul(logS).sum(-1).neg());
  near(said.agreement, logS.argMax(-1).equal(logT.argMax(-1)).toFloat());
});

/**
 * A student that is a table, after descent towards `rewardOptimum`: its first row writes an answer's first token, row k what follows token k,
 * met as often as the dataset (the reference) or the student writes that. Its logits are hidden states under a head that is 1.
 */
function distilled(beta: number, onPolicy: boolean): Matrix {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const head = { weight: tf.eye(referenceLogits[0]!.length) };
  const teacher = { states: tf.tensor2d(rewardOptimum.map((row) => row.map(Math.log))), head };
  const table = () => (logits.arraySync() as Matrix).map(softmax);
  for (let step = 0; step < 400; step++) {
    const [first] = onPolicy ? table() : reference;
    const met = tf.tensor2d([[1, ...first!.slice(1, prompts)]]); // [1, prompts]
    const { grads } = tf.variableGrads(() => {
      const { divergence } = positionDivergence({ states: logits.clone() as tf.Tensor2D, head }, teacher, beta);
      return distillationLoss(divergence.reshape(met.shape), met);
    });
    optimizer.apply({ table: grads[logits.name]! }, 0.05 * 0.99 ** step);
  }
  return table();
}

test.each([
  [0, false],
  [0, true],
  [0.5, false],
  [0.5, true],
  [1, false],
  [1, true],
])("the student reaches its teacher: β = %d, on-policy: %s", { tags: "long" }, (beta, onPolicy) => {
  expect(distance(reference, rewardOptimum)).toBeGreaterThan(0.1);
  expect(distance(distilled(beta, onPolicy), rewardOptimum)).toBeLessThan(1e-3);
});
