// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2), step for step as PyTorch computes it.
import { native, nativeOp } from "../../engine/native";
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

type AdamW = Rule<"mean" | "square", "rate" | "root" | "decay">;

export const adamw: AdamW = {
  start: (variable) => ({ mean: tf.zerosLike(variable), square: tf.zerosLike(variable) }),
  scalars: ({ beta1, beta2, weightDecay }, t, learningRate) => ({
    rate: learningRate / (1 - beta1 ** t),
    root: Math.sqrt(1 - beta2 ** t),
    decay: 1 - learningRate * weightDecay,
  }),
  update: (input) => (native() ? inOnePass(input) : plain(input)),
};

function plain({ config, variable, gradient, slots, scalars: { rate, root, decay } }: Parameters<AdamW["update"]>[0]) {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const mean = slots.mean.mul(beta1).add(gradient.mul(1 - beta1)); // line 6: m ← β₁ m + (1 − β₁) g
  const square = slots.square.mul(beta2).add(gradient.square().mul(1 - beta2)); // line 7: v ← β₂ v + (1 − β₂) g²
  const decayed = weightDecay === 0 ? variable : variable.mul(decay);
  const step = mean.div(square.sqrt().div(root).add(epsilon)).mul(rate); // line 12: γ m̂ / (√v̂ + ε)
  return { variable: decayed.sub(step), slots: { mean, square } };
}

/** The same by native/adamw.cc: the numbers are read and written once, and a graph has one node for the eighteen of the plain form. */
function inOnePass({ config, variable, gradient, slots, scalars }: Parameters<AdamW["update"]>[0]) {
  const { beta1, beta2, epsilon } = config;
  const numbers = tf.stack([scalars.rate, scalars.root, scalars.decay]);
  const [next, mean, square] = onePass([variable, gradient, slots.mean, slots.square, numbers], {
    ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon },
  });
  return { variable: next!, slots: { mean: mean!, square: square! } };
}

const onePass = nativeOp<Record<"beta1" | "rest1" | "beta2" | "rest2" | "epsilon", number>>(
  "WorkbenchAdamW",
  (options, [shape]) => ({
    attributes: Object.fromEntries(Object.entries(options).map(([name, float]) => [name, { float }])),
    outputs: ["next", "next_mean", "next_square"].map((name) => ({ name, shape: shape!, dtype: "float32" as const })),
  }),
);
