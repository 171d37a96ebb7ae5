// The op of native/head.h against the plain head: scores of labels, and the gradient of their log-probabilities.
import { expect, test } from "vitest";
import { withoutNative } from "../../test/without-native";
import { labelScores } from "./label-scores";
import { tf } from "./tensorflow";

const normal = (shape: [number, number], seed: number, deviation = 1) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, deviation, "float32", seed);

/** Columns of what is said of the labels, and the gradient of Σ (i + 1) log p(label i) to the states. */
function said(states: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D, dtype?: "float32" | "bfloat16") {
  const { logProbs, entropy, top1, meanLogit } = labelScores(states, { weight: head, dtype }, labels);
  const weights = tf.range(1, states.shape[0] + 1);
  const gradient = tf.grad((x) =>
    labelScores(x as tf.Tensor2D, { weight: head, dtype }, labels)
      .logProbs.mul(weights)
      .sum(),
  )(states);
  return [logProbs, entropy, top1, meanLogit, gradient].map((x) => x.dataSync<"float32">());
}
const distance = (a: Float32Array, b: Float32Array) => {
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
  return norm(a.map((value, i) => value - b[i]!)) / (norm(b) || 1);
};

test.each([
  [1, 5, 7],
  [9, 64, 97],
  [50, 100, 1000],
  [1030, 24, 400],
])("%i states of %i numbers, %i tokens", (count, hidden, vocabulary) => {
  const [states, head] = [normal([count, hidden], 1), normal([vocabulary, hidden], 2, 0.5)];
  const labels = tf.range(0, count).mul<tf.Tensor1D>(31).mod<tf.Tensor1D>(vocabulary).toInt<tf.Tensor1D>();
  const [native, plain] = [said(states, head, labels), withoutNative(() => said(states, head, labels))];
  native.forEach((values, i) => {
    expect(distance(values, plain[i]!)).toBeLessThan(5e-6);
  });
});

test.each([
  [9, 64, 97],
  [1030, 24, 400],
])(
  "a head that is trained, %i states of %i numbers, %i tokens: the frozen one's bits, and the plain gradients",
  (count, hidden, vocabulary) => {
    const [states, frozen] = [normal([count, hidden], 1), normal([vocabulary, hidden], 2, 0.5)];
    const trained = tf.variable(frozen);
    const labels = tf.range(0, count).mul<tf.Tensor1D>(31).mod<tf.Tensor1D>(vocabulary).toInt<tf.Tensor1D>();
    const scores = (weight: tf.Tensor2D) => {
      const { logProbs, entropy, top1, meanLogit } = labelScores(states, { weight, dtype: "float32" }, labels);
      return [logProbs, entropy, top1, meanLogit].map((x) => x.dataSync<"float32">());
    };
    expect(scores(trained)).toEqual(scores(frozen));
    const gradients = () => {
      const weights = tf.range(1, count + 1);
      const loss = () => labelScores(states, { weight: trained }, labels).logProbs.mul(weights).sum<tf.Scalar>();
      const toStates = tf.grad((x) =>
        labelScores(x as tf.Tensor2D, { weight: trained }, labels)
          .logProbs.mul(weights)
          .sum(),
      );
      const toHead = tf.variableGrads(loss, [trained]).grads[trained.name]!;
      return [toStates(states), toHead].map((x) => x.dataSync<"float32">());
    };
    const [native, plain] = [gradients(), withoutNative(gradients)];
    native.forEach((values, i) => {
      expect(distance(values, plain[i]!)).toBeLessThan(5e-6);
    });
  },
);

test("scores far apart, and a label that is the likeliest", () => {
  const states = tf.tensor2d([
    [200, 0],
    [0, 1],
  ]); // the first puts everything on token 0
  const head = tf.tensor2d([
    [1, 0],
    [-1, 0],
    [0, 3],
  ]);
  const [logProbs, entropy, top1, meanLogit] = said(states, head, tf.tensor1d([0, 1], "int32"));
  expect(logProbs![0]).toBe(0);
  expect(logProbs![1]).toBeCloseTo(-Math.log(2 + Math.exp(3)), 5);
  expect(entropy![0]).toBeCloseTo(0, 5);
  expect([...top1!]).toEqual([1, 0]);
  expect([...meanLogit!]).toEqual([0, 1]);
});

test("bfloat16 rounds states and weights, not the sums", () => {
  const [states, head] = [normal([40, 64], 3), normal([500, 64], 4, 0.3)];
  const labels = tf.range(0, 40).toInt<tf.Tensor1D>();
  const rounded = (x: tf.Tensor2D) => {
    const bits = new Uint32Array(x.dataSync<"float32">().slice().buffer).map(
      (b) => (b + 0x7fff + ((b >> 16) & 1)) & 0xffff0000,
    );
    return tf.tensor2d(new Float32Array(bits.buffer), x.shape);
  };
  const native = said(states, head, labels, "bfloat16");
  const plain = withoutNative(() => said(rounded(states), rounded(head), labels));
  expect(distance(native[0]!, plain[0]!)).toBeLessThan(1e-6);
  expect(distance(native[4]!, plain[4]!)).toBeLessThan(4e-3); // probabilities are rounded for the gradient
});

test("a label that is no token is refused", () => {
  expect(() => said(normal([1, 4], 1), normal([6, 4], 2), tf.tensor1d([6], "int32"))).toThrow(
    "token 6 is not one of 6",
  );
});
