// Every hand-written derivative against the plain tape over the plain formula: same values, same gradients.
import { expect, test } from "vitest";
import { activations } from "./activation";
import { attention } from "./attention";
import { logSquares, positionKl } from "./head";
import { positionEntropy } from "./head-entropy";
import { labelScores } from "./label-scores";
import { adaptedLinear, type FrozenMatrix, frozenMatrix, linear, stackUpdates } from "./linear";
import { frozenMlp } from "./mlp";
import { gated, rmsNorm, rotate } from "./ops";
import { tf } from "./tensorflow";

let seed = 0;
const random = <T extends tf.Tensor>(...shape: number[]): T =>
  tf.randomNormal(shape, 0, 1, "float32", ++seed) as unknown as T;

/** Largest difference between two functions of the same inputs, in value and in the gradient of a random weighting of it. */
function differences(
  fast: (...x: tf.Tensor[]) => tf.Tensor,
  plain: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
): number[] {
  const weights = random(...fast(...inputs).shape);
  const both = [fast, plain].map((f) =>
    tf.valueAndGrads((...x) =>
      f(...x)
        .mul(weights)
        .sum(),
    )(inputs),
  );
  const [a, b] = both as [(typeof both)[number], (typeof both)[number]];
  const pairs = [[fast(...inputs), plain(...inputs)], ...a.grads.map((grad, i) => [grad, b.grads[i]!])] as [
    tf.Tensor,
    tf.Tensor,
  ][];
  return pairs.map(([x, y]) => x.sub(y).abs().max().div(y.abs().max()).dataSync()[0]!);
}

function expectEqual(
  fast: Parameters<typeof differences>[0],
  plain: Parameters<typeof differences>[1],
  inputs: tf.Tensor[],
): void {
  for (const difference of differences(fast, plain, inputs)) expect(difference).toBeLessThan(1e-5);
}

test("rmsNorm", () => {
  const weight = random<tf.Tensor1D>(8);
  const plain = (x: tf.Tensor) => x.div(x.square().mean(-1, true).add(1e-5).sqrt()).mul(weight);
  expectEqual((x) => rmsNorm(x as tf.Tensor2D, weight, 1e-5), plain, [random(5, 8)]);
});

test("swiglu", () => {
  const plain = (gate: tf.Tensor, up: tf.Tensor) => gate.mul(gate.sigmoid()).mul(up);
  expectEqual((gate, up) => gated(gate as tf.Tensor2D, up as tf.Tensor2D), plain as never, [
    random(5, 8),
    random(5, 8),
  ]);
});

test.each(["relu", "gelu", "gelu_pytorch_tanh"] as const)(
  "C1: the slope of %s is that of the plain tape, alone and in a block",
  (activation) => {
    const act = activations[activation].value;
    const plain = (gate: tf.Tensor, up: tf.Tensor) => act(gate).mul(up);
    const fast = (gate: tf.Tensor, up: tf.Tensor) => gated(gate as tf.Tensor2D, up as tf.Tensor2D, activation);
    expectEqual(fast as never, plain as never, [random(5, 8), random(5, 8)]);
    const [gate, up, down] = [random<tf.Tensor2D>(9, 8), random<tf.Tensor2D>(9, 8), random<tf.Tensor2D>(8, 9)];
    const [g, u, d] = [gate, up, down].map((weight) => frozenMatrix(weight, "float32"));
    const frozen = { gate: g!, up: u!, down: d! };
    const layer = (x: tf.Tensor, weight: tf.Tensor2D) => tf.matMul(x as tf.Tensor2D, weight, false, true);
    const block = (x: tf.Tensor) => layer(act(layer(x, gate)).mul(layer(x, up)), down);
    const none = { gate: null, up: null, down: null };
    expectEqual((x) => frozenMlp(x as tf.Tensor2D, frozen, none, activation), block, [random(5, 8)]);
  },
);

test("rotate", () => {
  const angles = random<tf.Tensor4D>(2, 3, 1, 8);
  const tables: [tf.Tensor4D, tf.Tensor4D] = [angles.cos(), angles.sin()];
  const plain = (x: tf.Tensor) => {
    const [first, second] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    return x.mul(tables[0]).add(tf.concat4d([second.neg(), first], 3).mul(tables[1]));
  };
  expectEqual((x) => rotate(x, tables), plain, [random(2, 3, 4, 8)]);
});

test.each([
  { heads: 4, kvHeads: 4 },
  { heads: 4, kvHeads: 2 },
  { heads: 4, kvHeads: 1 },
  { heads: 4, kvHeads: 2, softCap: 2 },
])("attention with $heads heads over $kvHeads, scores capped at $softCap", ({ heads, kvHeads, softCap }) => {
  const [B, T, D] = [2, 5, 8];
  const bias = tf.tensor4d(
    [0, -1e9, -1e9, -1e9, -1e9, 0, 0, -1e9, -1e9, -1e9, 0, 0, 0, -1e9, -1e9, 0, 0, 0, 0, -1e9, 0, 0, 0, 0, 0],
    [1, 1, T, T],
  );
  const shared = tf.tensor1d(
    Array.from({ length: heads }, (_, head) => Math.floor((head * kvHeads) / heads)),
    "int32",
  );
  const repeat = (x: tf.Tensor) => tf.gather(x, shared, 1); // head h reads key head ⌊h·G/H⌋
  const bounded = (scores: tf.Tensor) => (softCap ? scores.div(softCap).tanh().mul(softCap) : scores);
  const plain = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) =>
    tf.matMul(tf.softmax(bounded(tf.matMul(q, repeat(k), false, true)).add(bias)), repeat(v));
  for (const keepProbabilities of [true, false])
    expectEqual(
      (q, k, v) =>
        attention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, bias, { keepProbabilities, softCap }),
      plain as never,
      [random(B, heads, T, D), random(B, kvHeads, T, D), random(B, kvHeads, T, D)],
    );
});

const plainLinear = (x: tf.Tensor, w: tf.Tensor, a?: tf.Tensor, b?: tf.Tensor) => {
  const y = tf.matMul(x, w, false, true);
  return a && b ? y.add(tf.matMul(tf.matMul(x, a, false, true), b, false, true)) : y;
};

test("linear with an update", () => {
  const weight = random<tf.Tensor2D>(6, 8);
  const fast = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
    linear(x as tf.Tensor2D, frozenMatrix(weight, "float32"), { a: a as tf.Tensor2D, b: b as tf.Tensor2D });
  const plain = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => plainLinear(x, weight, a, b);
  expectEqual(fast as never, plain as never, [random(5, 8), random(3, 8), random(6, 3)]);
});

test("layers stacked into one product, the middle one without an update", () => {
  const weights = [random(6, 8), random(4, 8), random(2, 8)] as tf.Tensor2D[];
  const stacked = frozenMatrix(tf.concat2d(weights, 0), "float32");
  const fast = (x: tf.Tensor, ...u: tf.Tensor[]) => {
    const [a0, b0, a2, b2] = u as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const updates = [{ a: a0, b: b0 }, null, { a: a2, b: b2 }];
    const layers = weights.map(({ shape }, i) => ({ size: shape[0], update: updates[i]! }));
    return linear(x as tf.Tensor2D, stacked, stackUpdates(layers));
  };
  const plain = (x: tf.Tensor, ...[a0, b0, a2, b2]: tf.Tensor[]) =>
    tf.concat(
      [plainLinear(x, weights[0]!, a0, b0), plainLinear(x, weights[1]!), plainLinear(x, weights[2]!, a2, b2)],
      1,
    );
  expectEqual(fast as never, plain as never, [random(5, 8), random(3, 8), random(6, 3), random(2, 8), random(2, 2)]);
});

test.each([["gate", "up", "down"], ["up"], ["gate", "down"], []].map((adapted) => ({ adapted })))(
  "the SwiGLU block with updates of $adapted",
  ({ adapted }) => {
    const names = ["gate", "up", "down"] as const;
    const shapes = { gate: [9, 8], up: [9, 8], down: [8, 9] };
    const weights = names.map((name) => random<tf.Tensor2D>(...shapes[name]));
    const [gate, up, down] = weights.map((w) => frozenMatrix(w, "float32")) as [
      FrozenMatrix,
      FrozenMatrix,
      FrozenMatrix,
    ];
    const updatesOf = (u: tf.Tensor[]) => {
      const rest = [...u] as tf.Tensor2D[];
      const take = (name: string) => (adapted.includes(name) ? { a: rest.shift()!, b: rest.shift()! } : null);
      return { gate: take("gate"), up: take("up"), down: take("down") };
    };
    const fast = (x: tf.Tensor, ...u: tf.Tensor[]) => frozenMlp(x as tf.Tensor2D, { gate, up, down }, updatesOf(u));
    const plain = (x: tf.Tensor, ...u: tf.Tensor[]) => {
      const updates = updatesOf(u);
      const layer = (input: tf.Tensor, i: number) =>
        plainLinear(input, weights[i]!, updates[names[i]!]?.a, updates[names[i]!]?.b);
      const opened = layer(x, 0);
      return layer(opened.mul(opened.sigmoid()).mul(layer(x, 1)), 2);
    };
    const parts = names.flatMap((name) =>
      adapted.includes(name) ? [random(3, shapes[name][1]!), random(shapes[name][0]!, 3)] : [],
    );
    expectEqual(fast as never, plain as never, [random(5, 8), ...parts]);
  },
);

test("layers side by side, each changed in its own way, equal each layer by itself, bias and all", () => {
  const [q, k, v] = [random<tf.Tensor2D>(4, 8), random<tf.Tensor2D>(3, 8), random<tf.Tensor2D>(2, 8)];
  const bias = random<tf.Tensor1D>(9);
  const stacked = frozenMatrix(tf.concat2d([q, k, v], 0), "float32");
  const fast = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor, outer: tf.Tensor, inner: tf.Tensor) =>
    adaptedLinear(
      x as tf.Tensor2D,
      stacked,
      bias,
      [
        { size: 4, change: { lowRank: { a: a as tf.Tensor2D, b: b as tf.Tensor2D } } },
        { size: 3, change: null },
        { size: 2, change: { apply: (x, frozen) => frozen.output(x.mul(inner)).mul(outer) } },
      ],
      "float32",
    );
  const plain = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor, outer: tf.Tensor, inner: tf.Tensor) => {
    const [forQ, forK, forV] = tf.split(bias, [4, 3, 2]) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const last = plainLinear(x.mul(inner), v).add(forV).mul(outer);
    return tf.concat([plainLinear(x, q, a, b).add(forQ), plainLinear(x, k).add(forK), last], 1);
  };
  expectEqual(fast as never, plain as never, [random(5, 8), random(3, 8), random(4, 3), random(2), random(8)]);
});

test("label log-probabilities over more rows than one chunk, with a frozen and with a trained head", () => {
  const head = random<tf.Tensor2D>(11, 8);
  const labels = tf.tensor1d(
    Array.from({ length: 300 }, (_, i) => (i * 7) % 11),
    "int32",
  );
  const plain = (hidden: tf.Tensor, head: tf.Tensor) =>
    tf
      .logSoftmax(tf.matMul(hidden, head, false, true))
      .mul(tf.oneHot(labels, 11))
      .sum(-1);
  const fast = (hidden: tf.Tensor, head: tf.Tensor) =>
    labelScores(hidden as tf.Tensor2D, { weight: head as tf.Tensor2D }, labels).logProbs;
  expectEqual(
    (hidden) => fast(hidden!, head),
    (hidden) => plain(hidden!, head),
    [random(300, 8)],
  );
  expectEqual(fast as never, plain as never, [random(300, 8), tf.variable(head)]);
});

test.each(["frozen", "trained"])("entropy, likeliest token, mean logit and Σ p² under a %s head", (kind) => {
  const head = random<tf.Tensor2D>(11, 8);
  const hidden = random<tf.Tensor2D>(300, 8);
  const labels = tf.tensor1d(
    Array.from({ length: 300 }, (_, i) => (i * 7) % 11),
    "int32",
  );
  const scores = tf.matMul(hidden, head, false, true);
  const logProbs = tf.logSoftmax(scores);
  const weight = kind === "trained" ? (tf.variable(head) as unknown as tf.Tensor2D) : head;
  const found = labelScores(hidden, { weight }, labels);
  const expectNear = (a: tf.Tensor, b: tf.Tensor) => expect(a.sub(b).abs().max().dataSync()[0]!).toBeLessThan(1e-5);
  expectNear(found.entropy, logProbs.exp().mul(logProbs).sum(-1).neg());
  expectNear(found.top1, scores.argMax(-1).equal(labels).toFloat());
  expectNear(found.meanLogit, scores.mean(-1));
  expectNear(logSquares(hidden, { weight: head }), logProbs.mul(2).exp().sum(-1).log());
});

test("KL of a position: zero with itself, and by hand over two tokens", () => {
  const head = tf.tensor2d([[1], [0]]); // logits (h, 0)
  const states = (...values: number[]) => tf.tensor2d(values, [values.length, 1]);
  // p = (3/4, 1/4) from h = log 3, q = (1/2, 1/2) from h = 0: KL = ¾·log(3/2) + ¼·log(1/2) = 0.1308119
  const [same, other] = positionKl(states(0.7, Math.log(3)), states(0.7, 0), { weight: head }).dataSync();
  expect(same).toBeCloseTo(0, 7);
  expect(other).toBeCloseTo(0.1308119, 6);
});

test("the entropy of a position, and its gradient to the states", () => {
  const head = random<tf.Tensor2D>(37, 8);
  const plain = (hidden: tf.Tensor) => {
    const logP = tf.logSoftmax(tf.matMul(hidden as tf.Tensor2D, head, false, true));
    return logP.exp().mul(logP).sum(-1).neg();
  };
  expectEqual((hidden) => positionEntropy(hidden as tf.Tensor2D, { weight: head }), plain, [random(300, 8)]); // more rows than a chunk holds
});

test("the entropy of a trained head keeps nothing of tokens × vocabulary for its gradient", () => {
  const [N, V] = [300, 1000];
  const weight = tf.variable(random<tf.Tensor2D>(V, 8));
  let kept = 0;
  const entropy = (hidden: tf.Tensor, head: tf.Tensor) => {
    const before = tf.memory().numBytes;
    const found = positionEntropy(hidden as tf.Tensor2D, { weight: head as tf.Tensor2D });
    kept = tf.memory().numBytes - before;
    return found;
  };
  const { grads } = tf.valueAndGrads((hidden, head) => entropy(hidden!, head!).sum())([random(N, 8), weight]);
  expect(grads.map(({ shape }) => shape)).toEqual([
    [N, 8],
    [V, 8],
  ]);
  expect(kept).toBeGreaterThanOrEqual(4 * N); // the entropy itself
  expect(kept).toBeLessThan((4 * N * V) / 10);
});

test.each([{ divisor: 3 }, { softCap: 5 }, { divisor: 0.5, softCap: 2 }])(
  "what a head says of labels and positions under %o",
  ({ divisor = 1, softCap }) => {
    const weight = random<tf.Tensor2D>(11, 8);
    const head = { weight, divisor, softCap };
    const hidden = random<tf.Tensor2D>(300, 8);
    const labels = tf.range(0, 300).mul<tf.Tensor1D>(7).mod<tf.Tensor1D>(11).toInt<tf.Tensor1D>();
    const plain = (hidden: tf.Tensor, weight: tf.Tensor = head.weight) => {
      const logits = tf.matMul(hidden, weight, false, true).div(divisor);
      return tf.logSoftmax(softCap ? logits.div(softCap).tanh().mul(softCap) : logits);
    };
    const own = (logP: tf.Tensor) => logP.mul(tf.oneHot(labels, 11)).sum(-1);
    const said = (hidden: tf.Tensor, weight: tf.Tensor) =>
      labelScores(hidden as tf.Tensor2D, { ...head, weight: weight as tf.Tensor2D }, labels);
    expectEqual(
      (hidden) => said(hidden!, weight).logProbs,
      (hidden) => own(plain(hidden!)),
      [hidden],
    );
    expectEqual(
      (hidden, weight) => said(hidden!, weight!).logProbs,
      (hidden, weight) => own(plain(hidden!, weight)),
      [hidden, tf.variable(weight)],
    );
    expectEqual(
      (hidden) => positionEntropy(hidden as tf.Tensor2D, head),
      (hidden) => plain(hidden!).exp().mul(plain(hidden!)).sum(-1).neg(),
      [hidden],
    );
    expectEqual(
      (hidden, weight) => positionEntropy(hidden as tf.Tensor2D, { ...head, weight: weight as tf.Tensor2D }),
      (hidden, weight) => plain(hidden!, weight).exp().mul(plain(hidden!, weight)).sum(-1).neg(),
      [hidden, tf.variable(weight)],
    );
    const [logP, other] = [plain(hidden), plain(hidden.neg())];
    const expectNear = (a: tf.Tensor, b: tf.Tensor) => expect(a.sub(b).abs().max().dataSync()[0]!).toBeLessThan(1e-5);
    const { entropy, top1 } = said(hidden, weight);
    expectNear(entropy, logP.exp().mul(logP).sum(-1).neg());
    expectNear(top1, logP.argMax(-1).equal(labels).toFloat());
    expectNear(logSquares(hidden, head), logP.mul(2).exp().sum(-1).log());
    expectNear(positionKl(hidden, hidden.neg(), head), logP.exp().mul(logP.sub(other)).sum(-1));
  },
);
