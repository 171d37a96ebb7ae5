// Schedule-free AdamW (Defazio et al. 2024, arXiv 2405.15682, algorithm 1), as facebookresearch's `schedulefree` computes it. Gradients are taken at y,
// which are the variables while it trains; the average x is what is evaluated and saved.
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

type Slot = "fast" | "average" | "square" | "largest_rate" | "weight_sum";

/** Where gradients are taken: y = (1 − β₁) z + β₁ x. */
export const trainingPoint = (fast: tf.Tensor, average: tf.Tensor, beta1: number): tf.Tensor =>
  fast.mul(1 - beta1).add(average.mul(beta1));

export const scheduleFree: Rule<Slot, "root" | "rate"> = {
  start: (variable) => ({
    fast: variable.mul(1), // z₁ = x₁; clones would be one tensor to the compiled update
    average: variable.mul(1),
    square: tf.zerosLike(variable),
    largest_rate: tf.scalar(0),
    weight_sum: tf.scalar(0),
  }),
  scalars: ({ beta2 }, t, learningRate) => ({ root: Math.sqrt(1 - beta2 ** t), rate: learningRate }),
  update({ config, variable, gradient, slots, scalars: { root, rate } }) {
    const { beta1, beta2, epsilon, weightDecay } = config;
    const square = slots.square.mul(beta2).add(gradient.square().mul(1 - beta2));
    const direction = gradient.div(square.sqrt().div(root).add(epsilon));
    const decayed = weightDecay === 0 ? direction : direction.add(variable.mul(weightDecay));
    const fast = slots.fast.sub(decayed.mul(rate)); // z ← z − γ (g / (√v̂ + ε) + λ y)
    const largest = tf.maximum(slots.largest_rate, rate);
    const weight = largest.square();
    const sum = slots.weight_sum.add(weight);
    const share = weight.div(sum.maximum(1e-30)); // c = γ² / Σ γ²; 0 while the rate has been 0
    const average = slots.average.mul(tf.sub(1, share)).add(fast.mul(share)); // x ← (1 − c) x + c z
    return {
      variable: trainingPoint(fast, average, beta1),
      slots: { fast, average, square, largest_rate: largest, weight_sum: sum },
    };
  },
};
