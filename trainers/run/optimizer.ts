// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) and SGD with a global-norm clip and a learning-rate schedule.
// Slots go by variable name, bias correction is in double precision: PyTorch's AdamW step for step.

import type { OptimizerConfig } from "../../spec/fields/common";
import type { Gradients, Variables } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";

export interface Optimizer {
  /** Steps taken, skipped ones included. */
  step: number;
  /** Skipped steps, which Adam's bias correction does not count. */
  skipped: number;
  skip(): void;
  /** `mean/NAME` and `square/NAME` for Adam; empty for SGD. */
  slots: Variables;
  /** One update of every variable; frees the gradients and returns their global norm before clipping. */
  apply(gradients: Gradients, learningRate: number): number;
}

export function createOptimizer(config: OptimizerConfig, variables: Variables): Optimizer {
  const slots: Variables = new Map();
  if (config.name === "adamw")
    for (const [variable, value] of variables)
      for (const slot of ["mean", "square"])
        slots.set(
          `${slot}/${variable}`,
          tf.tidy(() => tf.variable(tf.zerosLike(value), false)),
        );
  const update = compile((input: UpdateInput) => updated(config, variables, slots, input));
  const optimizer: Optimizer = {
    step: 0,
    skipped: 0,
    slots,
    skip() {
      optimizer.step++;
      optimizer.skipped++;
    },
    apply(gradients, learningRate) {
      const { norm, values } = tf.tidy(() =>
        update({ gradients, rates: rates(config, ++optimizer.step - optimizer.skipped, learningRate) }),
      );
      for (const [name, value] of Object.entries(values)) (variables.get(name) ?? slots.get(name)!).assign(value);
      const [length] = norm.dataSync();
      tf.dispose([norm, values, gradients]);
      return length!;
    },
  };
  return optimizer;
}

type Rates = Record<"learningRate" | "rate" | "root" | "decay", tf.Scalar>;
type UpdateInput = { gradients: Gradients; rates: Rates };

/** Scalars of an update (counted from 1), in double precision: the learning rate over Adam's first bias correction, the root of the second, the weight decay. */
function rates({ beta1, beta2, weightDecay }: OptimizerConfig, update: number, learningRate: number): Rates {
  return {
    learningRate: tf.scalar(learningRate),
    rate: tf.scalar(learningRate / (1 - beta1 ** update)),
    root: tf.scalar(Math.sqrt(1 - beta2 ** update)),
    decay: tf.scalar(1 - learningRate * weightDecay),
  };
}

/** New values of every variable and slot, by name. */
function updated(
  config: OptimizerConfig,
  variables: Variables,
  slots: Variables,
  { gradients, rates: { learningRate, rate, root, decay } }: UpdateInput,
): { norm: tf.Tensor; values: Gradients } {
  const { beta1, beta2, epsilon, weightDecay, maxGradNorm } = config;
  const norm = tf.addN(Object.values(gradients).map((gradient) => gradient.square().sum())).sqrt(); // √Σ g² over all together
  const clip = maxGradNorm ? tf.scalar(maxGradNorm).div(norm.add(1e-6)).minimum(1) : null; // torch.nn.utils.clip_grad_norm_
  const values: Gradients = {};
  for (const [name, variable] of variables) {
    const gradient = clip ? gradients[name]!.mul(clip) : gradients[name]!;
    if (config.name === "sgd") {
      values[name] = variable.sub(gradient.mul(learningRate));
      continue;
    }
    const mean = slots
      .get(`mean/${name}`)!
      .mul(beta1)
      .add(gradient.mul(1 - beta1));
    const square = slots
      .get(`square/${name}`)!
      .mul(beta2)
      .add(gradient.square().mul(1 - beta2));
    const decayed = weightDecay === 0 ? variable : variable.mul(decay);
    values[name] = decayed.sub(mean.div(square.sqrt().div(root).add(epsilon)).mul(rate));
    values[`mean/${name}`] = mean;
    values[`square/${name}`] = square;
  }
  return { norm, values };
}

/** The learning rate of step `step` (from 0) of `total`: linear warm-up, then constant, linear to 0 or half a cosine to 0. */
export function scheduledRate(
  { learningRate, schedule, warmupRatio }: OptimizerConfig,
  step: number,
  total: number,
): number {
  const warmup = Math.ceil(warmupRatio * total);
  if (step < warmup) return (learningRate * step) / warmup;
  if (schedule === "constant") return learningRate;
  const progress = (step - warmup) / Math.max(1, total - warmup);
  return learningRate * (schedule === "linear" ? 1 - progress : 0.5 * (1 + Math.cos(Math.PI * progress)));
}
