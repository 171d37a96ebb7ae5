// Dropout: how often, what it leaves of a sum, and that its mask depends on the seed alone. What PEFT makes of such masks is in
// adapters/lora/dropout.test.ts.
import { expect, test } from "vitest";
import { type Dropout, dropoutOf, dropoutSeed, dropped, droppedProduct } from "./dropout";
import { compile } from "./jit/compile";
import { tf } from "./tensorflow";

const of = (rate: number, ...name: number[]): Dropout => ({ rate, seed: dropoutSeed(...name) });
const normal = (shape: [number, number], seed: number) => tf.randomNormal<tf.Rank.R2>(shape, 0, 1, "float32", seed);
const bits = (x: tf.Tensor) => [...x.dataSync()];

test.each([0.05, 0.3, 0.9])("at a rate of %s so many numbers are 0, and sums stay what they were", (rate) => {
  const n = 400 * 500;
  const x = tf.ones<tf.Rank.R2>([400, 500]);
  const y = dropped(x, of(rate, 1));
  const kept = y.notEqual(0).sum().dataSync()[0]!;
  const deviations = 5 * Math.sqrt(n * rate * (1 - rate)); // of the binomial distribution: exceeded once in a million masks
  expect(Math.abs(kept - n * (1 - rate))).toBeLessThan(deviations);
  expect(y.max().dataSync()[0]).toBeCloseTo(1 / (1 - rate), 5);
  expect(Math.abs(y.sum().dataSync()[0]! - n)).toBeLessThan(deviations / (1 - rate) + 1);
  const half = (a: number) => y.slice([a, 0], [200, 500]).notEqual(0).sum().dataSync()[0]!;
  expect(Math.abs(half(0) - half(200))).toBeLessThan(2 * deviations);
});

test("the mask is another for another layer, step and micro-batch, and the same for the same", () => {
  const x = tf.ones<tf.Rank.R2>([6, 50]);
  const mask = (dropout: Dropout) => bits(dropped(x, dropout)).join();
  const masks = [of(0.5, 1, 2, 0), of(0.5, 1, 2, 1), of(0.5, 1, 3, 0), of(0.5, 2, 2, 0)];
  const layers = masks.flatMap((dropout) => ["q", "k"].map((layer) => dropoutOf(dropout, layer)));
  expect(new Set([...masks, ...layers].map(mask)).size).toBe(12);
  expect(mask(dropoutOf(of(0.5, 1, 2, 0), "q"))).toBe(mask(layers[0]!));
});

test.each(["eager", "compiled"])("the gradient is that of x times the mask, and of its product with A, %s", (how) => {
  const dropout = of(0.4, 7);
  const [x, a, dy] = [normal([5, 8], 1), normal([3, 8], 2), normal([5, 3], 3)];
  const mask = dropped(tf.ones([5, 8]), dropout);
  const given = { x, a, dy, seed: dropout.seed };
  type Given = typeof given;
  const through = (product: (x: tf.Tensor2D, a: tf.Tensor2D, given: Given) => tf.Tensor) => (given: Given) => {
    const loss = (x: tf.Tensor, a: tf.Tensor) =>
      product(x as tf.Tensor2D, a as tf.Tensor2D, given)
        .mul(given.dy)
        .sum();
    return tf.grads(loss)([given.x, given.a]);
  };
  const run =
    how === "compiled"
      ? <Out extends tf.Tensor[]>(fn: (given: Given) => Out) => compile(fn)(given)
      : <Out>(fn: (given: Given) => Out) => fn(given);
  const plain = run(through((x, a) => tf.matMul(x.mul<tf.Tensor2D>(mask), a, false, true)));
  const ways = [
    run(through((x, a, { seed }) => droppedProduct(x, a, { rate: 0.4, seed }))),
    run(through((x, a, { seed }) => tf.matMul(dropped(x, { rate: 0.4, seed }), a, false, true))),
  ];
  for (const way of ways)
    for (const [i, gradient] of way.entries())
      expect(gradient.sub(plain[i]!).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  expect(plain[0]!.equal(0).sum().dataSync()[0]).toBe(mask.equal(0).sum().dataSync()[0]);
});
