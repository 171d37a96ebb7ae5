// Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2): every number moves by the learning rate, in the direction that momentum and gradient give.
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

export const lion: Rule<"mean", "rate" | "decay"> = {
  start: (variable) => ({ mean: tf.zerosLike(variable) }),
  scalars: ({ weightDecay }, _, learningRate) => ({ rate: learningRate, decay: 1 - learningRate * weightDecay }),
  update({ config: { beta1, beta2 }, variable, gradient, slots, scalars: { rate, decay } }) {
    const direction = slots.mean.mul(beta1).add(gradient.mul(1 - beta1)); // c = β₁ m + (1 − β₁) g
    const mean = slots.mean.mul(beta2).add(gradient.mul(1 - beta2)); // m ← β₂ m + (1 − β₂) g
    return { variable: variable.mul(decay).sub(direction.sign().mul(rate)), slots: { mean } }; // θ ← θ − γ (sign c + λ θ)
  },
};
