// Plain stochastic gradient descent: θ ← θ − γ g.
import type { Rule } from "./rule";

export const sgd: Rule<never, "rate"> = {
  start: () => ({}),
  scalars: (_, __, learningRate) => ({ rate: learningRate }),
  update: ({ variable, gradient, scalars: { rate } }) => ({ variable: variable.sub(gradient.mul(rate)), slots: {} }),
};
