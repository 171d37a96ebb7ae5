// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2), step for step as PyTorch computes it.
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

export const adamw: Rule<"mean" | "square", "rate" | "root" | "decay"> = {
  start: (variable) => ({ mean: tf.zerosLike(variable), square: tf.zerosLike(variable) }),
  scalars: ({ beta1, beta2, weightDecay }, t, learningRate) => ({
    rate: learningRate / (1 - beta1 ** t),
    root: Math.sqrt(1 - beta2 ** t),
    decay: 1 - learningRate * weightDecay,
  }),
  update({ config, variable, gradient, slots, scalars: { rate, root, decay } }) {
    const { beta1, beta2, epsilon, weightDecay } = config;
    const mean = slots.mean.mul(beta1).add(gradient.mul(1 - beta1)); // line 6: m ← β₁ m + (1 − β₁) g
    const square = slots.square.mul(beta2).add(gradient.square().mul(1 - beta2)); // line 7: v ← β₂ v + (1 − β₂) g²
    const decayed = weightDecay === 0 ? variable : variable.mul(decay);
    const step = mean.div(square.sqrt().div(root).add(epsilon)).mul(rate); // line 12: γ m̂ / (√v̂ + ε)
    return { variable: decayed.sub(step), slots: { mean, square } };
  },
};
