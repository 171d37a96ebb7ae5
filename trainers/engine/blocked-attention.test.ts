// The ops of native/attention.cc against plain attention and its tape, over shapes, masks and blocks that divide nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { attention, biasOf, type Sight } from "./attention";
import { blockedAttention } from "./blocked-attention";
import { compile } from "./jit/compile";
import { native } from "./native";
import { tf } from "./tensorflow";

type Three = [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
type Attention = (...qkv: Three) => tf.Tensor4D;
const normal = (seed: number, ...shape: [number, number, number, number]) =>
  tf.randomNormal<tf.Rank.R4>(shape, 0, 1, "float32", seed);

/** The value, and the gradients of a random weighting of it. */
function computed(attend: Attention, qkv: Three, seed: number): tf.Tensor[] {
  const value = attend(...qkv);
  const weights = normal(seed, ...value.shape);
  return [
    value,
    ...tf.grads((q, k, v) =>
      attend(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D)
        .mul(weights)
        .sum(),
    )(qkv),
  ];
}
/** Largest difference, of the largest number, or of the size of what is added up to it where that cancels. */
const distance = (a: tf.Tensor, b: tf.Tensor, terms: number) =>
  a
    .sub(b)
    .abs()
    .max()
    .div(b.abs().max().maximum(Math.sqrt(terms)))
    .dataSync()[0]!;

const int = (min: number, max: number) => fc.integer({ min, max });
const case_ = fc.record({
  rows: int(1, 3),
  groups: int(1, 3),
  perGroup: int(1, 3),
  before: int(0, 5),
  prompt: int(1, 40),
  queries: int(1, 70),
  size: int(1, 70),
  valueSize: int(1, 70),
  window: fc.option(int(4, 60)), // a query that sees one key has no gradient, only what rounding leaves
  softCap: fc.option(fc.constantFrom(0.5, 3, 50), { nil: undefined }),
  blocks: fc.tuple(int(1, 80), int(1, 80)),
  seed: int(1, 1e6),
});

/** Of answers behind prompts of several lengths, filled up to `prompt` columns, behind virtual tokens. */
function sightOf({
  rows,
  before,
  prompt,
  queries,
  window,
  seed,
}: typeof case_ extends fc.Arbitrary<infer C> ? C : never): Sight {
  const lengths = Array.from({ length: rows }, (_, b) => 1 + ((seed + 7 * b) % prompt));
  const own = lengths.map((length) => Array.from({ length: queries }, (_, t) => length + t));
  const keys = lengths.map((length, b) => [
    ...Array.from({ length: before }, (_, j) => j - before),
    ...Array.from({ length: prompt }, (_, j) => (j < length ? j : 2 ** 30)),
    ...own[b]!,
  ]);
  return { queries: tf.tensor2d(own, undefined, "int32"), keys: tf.tensor2d(keys, undefined, "int32"), window };
}

test.runIf(native())(
  "in blocks of any size attention and its gradients are those of the plain code, within 1e-6",
  () => {
    fc.assert(
      fc.property(case_, (given) =>
        tf.tidy(() => {
          const { rows, groups, perGroup, before, prompt, queries, size, valueSize, softCap, blocks, seed } = given;
          const keys = before + prompt + queries;
          const qkv: Three = [
            normal(seed, rows, groups * perGroup, queries, size).div(Math.sqrt(size)),
            normal(seed + 1, rows, groups, keys, size),
            normal(seed + 2, rows, groups, keys, valueSize),
          ];
          const sight = sightOf(given);
          const bias = biasOf(sight);
          const plain = computed((q, k, v) => attention(q, k, v, bias, { softCap }), qkv, seed);
          const blocked = computed((q, k, v) => blockedAttention(q, k, v, sight, { softCap, blocks }), qkv, seed);
          for (const [i, value] of blocked.entries())
            expect(distance(value, plain[i]!, i === 0 ? 1 : valueSize)).toBeLessThan(i === 0 ? 1e-6 : 2e-6);
        }),
      ),
      { numRuns: 60, seed: 1 },
    );
  },
);

const causal = (T: number): Sight => {
  const every = tf.range(0, T, 1, "int32").expandDims<tf.Tensor2D>(0);
  return { queries: every, keys: every, window: null };
};

test.runIf(native())("compiled for one size of rows it holds for others", () => {
  const compiled = compile(({ q, k, v }: Record<"q" | "k" | "v", tf.Tensor4D>) => {
    const attend: Attention = (...qkv) => blockedAttention(...qkv, causal(q.shape[2]));
    return computed(attend, [q, k, v], 3);
  });
  for (const T of [5, 100, 257]) {
    const [q, k, v] = [4, 2, 2].map((heads, i) => normal(i + 1, 2, heads, T, 24)) as Three;
    const eager = computed((...qkv) => blockedAttention(...qkv, causal(T)), [q, k, v], 3);
    for (const [i, value] of compiled({ q, k, v }).entries()) expect(distance(value, eager[i]!, 1)).toBe(0);
  }
});

test.runIf(native())("a query that sees no key is 0, and teaches nothing", () => {
  const [q, k, v] = [1, 2, 3].map((seed) => normal(seed, 1, 1, 2, 4)) as Three;
  const sight = { ...causal(2), queries: tf.tensor2d([[-1, 1]], undefined, "int32") };
  const [value, dq] = computed((...qkv) => blockedAttention(...qkv, sight), [q, k, v], 5).map((x) => [...x.dataSync()]);
  for (const numbers of [value!, dq!]) {
    expect(numbers.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(numbers.slice(4)).not.toContain(0);
  }
});
