// The table of the page /derivation descends on the trainer's own loss: value and gradient are the same.
import { expect, test } from "vitest";
import { dpoGradient, dpoLoss, pairsOf, softmax } from "../app/derivation/_components/tabular";
import { dpo } from "../spec/methods/dpo";
import { tf } from "../trainers/engine/tensorflow";
import { dpoLoss as trainerLoss } from "../trainers/methods/dpo/loss";

const reference = [0.02, 0.1, 0.45, 0.28, 0.15];
const reward = [1.5, 0.5, -0.5, 0, -1.5];

test.each([
  [0.1, [0, 1, 2, 3, 4]],
  [0.5, [0, 1, 3]],
  [2, [4, 2]],
])("β %d, answers %j compared", (beta, compared) => {
  const logits = [1, -0.5, 0.3, 0.8, -2];
  const pairs = pairsOf(reward, compared);
  const order = tf.tensor1d([...pairs.map(({ chosen }) => chosen), ...pairs.map(({ rejected }) => rejected)], "int32");
  const shares = tf.tensor1d(pairs.map(({ share }) => share));
  const tokens = (table: tf.Tensor) => tf.gather(table, order).expandDims<tf.Tensor2D>(1); // an answer is one token
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => {
    const policy = { logProbs: tokens(tf.logSoftmax(x)), mask: tf.ones<tf.Rank.R2>([2 * pairs.length, 1]) };
    const before = tokens(tf.tensor1d(reference.map(Math.log)));
    return trainerLoss(policy, before, dpo.options.parse({ beta }), tf.scalar(1), shares).loss;
  })(tf.tensor1d(logits));
  const policy = softmax(logits);
  // theirs is a mean over ordered pairs, of which each label is two
  expect(dpoLoss(policy, reference, pairs, beta)).toBeCloseTo(2 * value.dataSync()[0]!, 6);
  const theirs = [...grad.dataSync()].map((slope) => 2 * slope);
  for (const [y, own] of dpoGradient(policy, reference, pairs, beta).entries()) expect(own).toBeCloseTo(theirs[y]!, 6);
});
