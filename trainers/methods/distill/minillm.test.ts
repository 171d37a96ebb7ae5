// MiniLLM's loss. Expected numbers: TRL 1.12.0 (data/golden/make-minillm.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import { sum } from "../../../spec/statistics";
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
import type { Head } from "../../engine/head";
import { compile } from "../../engine/jit/compile";
import { labelScores } from "../../engine/label-scores";
import { tf } from "../../engine/tensorflow";
import { advantagesOf, distillationLoss, policyGradientLoss } from "./loss";

type Matrix = number[][];
interface Case {
  options: { gamma: number; lengthNormalization: boolean };
  temperature: number;
  mask: Matrix;
  advantages: Matrix;
  loss: number;
  gradient: Matrix[];
  headGradient: Matrix;
}
const { inputs, cases } = JSON.parse(readFileSync("data/golden/losses/trl-1.12-minillm.json", "utf8")) as {
  inputs: { student: Matrix[]; head: Matrix; teacher: Matrix[]; teacherHead: Matrix; labels: Matrix };
  cases: Case[];
};

interface Side {
  states: tf.Tensor2D; // [B·T, d]
  head: Head;
}

/** The parts of the loss of completions `labels`. */
function partsOf(student: Side, teacher: Side, labels: Matrix, mask: tf.Tensor2D, options: Case["options"]) {
  const ids = tf.tensor1d(labels.flat(), "int32");
  const at = ({ states, head }: Side) => labelScores(states, head, ids).logProbs.reshape<tf.Tensor2D>(mask.shape);
  const own = at(student);
  const advantages = advantagesOf(own, at(teacher), mask, options);
  const { divergence } = positionDivergence(student, teacher, 1);
  return {
    advantages,
    step: distillationLoss(divergence.reshape(mask.shape), mask),
    policy: policyGradientLoss(own, advantages, mask),
  };
}

const [teacherStates, teacherHead] = [tf.tensor2d(inputs.teacher.flat()), tf.tensor2d(inputs.teacherHead)];

test.each(cases)("equals TRL's, loss and gradient: $options at temperature $temperature, $mask", (one) => {
  const { temperature: divisor, options } = one;
  const mask = tf.tensor2d(one.mask);
  const of = (states: tf.Tensor, weight: tf.Tensor) =>
    partsOf(
      { states: states as tf.Tensor2D, head: { weight: weight as tf.Tensor2D, divisor } },
      { states: teacherStates, head: { weight: teacherHead, divisor } },
      inputs.labels,
      mask,
      options,
    );
  const lossOf = (states: tf.Tensor, weight: tf.Tensor): tf.Scalar => {
    const { step, policy } = of(states, weight);
    return step.add(policy);
  };
  const [states, head] = [tf.tensor2d(inputs.student.flat()), tf.tensor2d(inputs.head)];
  expectClose(of(states, head).advantages, one.advantages);
  const frozen = tf.valueAndGrad((states) => lossOf(states, head))(states);
  expectClose(frozen.value, one.loss);
  expectClose(frozen.grad, one.gradient.flat());
  const trained = tf.valueAndGrads((states, head) => lossOf(states!, head!))([states, tf.variable(head)]);
  expectClose(trained.grads[0]!, one.gradient.flat());
  expectClose(trained.grads[1]!, one.headGradient);
});

test("without length normalization R_t is the sum of γ^(i−t) r_i, padding beside it or not, compiled or not", () => {
  const rewards = [
    [3, -2, 1, 0.5],
    [1, 4, 9, 9],
  ];
  const mask = tf.tensor2d([
    [1, 1, 1, 1],
    [1, 1, 0, 0],
  ]);
  const [r, student] = [tf.tensor2d(rewards), tf.zeros<tf.Rank.R2>([2, 4])];
  const of = (given: { r: tf.Tensor2D; student: tf.Tensor2D; mask: tf.Tensor2D }) =>
    advantagesOf(given.student, given.r, given.mask, { gamma: 0.5, lengthNormalization: false });
  const wanted = [
    [3 - 2 / 2 + 1 / 4 + 0.5 / 8, -2 + 1 / 2 + 0.5 / 4, 1 + 0.5 / 2, 0.5],
    [1 + 4 / 2, 4, 0, 0],
  ];
  expectClose(of({ r, student, mask }), wanted);
  const compiled = compile(of);
  for (const columns of [4, 3, 2]) {
    const [a, b, c] = [r, student, mask].map((x) => x.slice([0, 0], [2, columns]));
    const given = { r: a as tf.Tensor2D, student: b as tf.Tensor2D, mask: c as tf.Tensor2D };
    expectClose(compiled(given), of(given).arraySync() as Matrix);
  }
});

const completions = 256;

/** Completions of the student's table: its first row writes the first token, row k what follows token k, where there is one. */
function sampled(table: Matrix, random: () => number) {
  const draw = (row: number[]): number => {
    const chance = random();
    const passed = row.findIndex((_, i) => sum(row.slice(0, i + 1)) > chance);
    return passed < 0 ? row.length - 1 : passed;
  };
  return Array.from({ length: completions }, () => {
    const first = draw(table[0]!);
    const goesOn = first > 0 && first < prompts;
    return {
      rows: [0, goesOn ? first : 0],
      labels: [first, goesOn ? draw(table[first]!) : 0],
      mask: [1, goesOn ? 1 : 0],
    };
  });
}

/** A student that is a table, after descent towards `rewardOptimum` on completions that it samples; see loss.test.ts. */
function distilled(options: Case["options"], part: "whole" | "policy"): Matrix {
  const logits = tf.variable(tf.tensor2d(referenceLogits));
  const optimizer = tabularOptimizer(logits);
  const head = { weight: tf.eye(referenceLogits[0]!.length) };
  const goal = tf.tensor2d(rewardOptimum.map((row) => row.map(Math.log)));
  const random = createRandom(5, "minillm");
  const table = () => (logits.arraySync() as Matrix).map(softmax);
  for (let step = 0; step < 250; step++) {
    const batch = sampled(table(), random);
    const rows = tf.tensor1d(
      batch.flatMap((one) => one.rows),
      "int32",
    );
    const mask = tf.tensor2d(batch.map((one) => one.mask));
    const { grads } = tf.variableGrads(() => {
      const [student, teacher] = [logits, goal].map((x): Side => ({ states: tf.gather(x as tf.Tensor2D, rows), head }));
      const labels = batch.map((one) => one.labels);
      const parts = partsOf(student!, teacher!, labels, mask, options);
      return part === "whole" ? parts.step.add(parts.policy) : parts.policy;
    });
    optimizer.apply({ table: grads[logits.name]! }, 0.1 * 0.985 ** step);
  }
  return table();
}

test.each([
  [{ gamma: 1, lengthNormalization: true }, "whole"],
  [{ gamma: 1, lengthNormalization: true }, "policy"],
  [{ gamma: 1, lengthNormalization: false }, "policy"],
] as const)("the student reaches its teacher: %j, %s loss", { tags: "long" }, (options, part) => {
  expect(distance(reference, rewardOptimum)).toBeGreaterThan(0.1);
  expect(distance(distilled(options, part), rewardOptimum)).toBeLessThan(1e-3);
});
