// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) and SGD with a global-norm clip and a learning-rate schedule.
// Slots go by variable name, bias correction is in double precision: PyTorch's AdamW step for step.
import type { OptimizerConfig } from "./config";
import { tf } from "./engine/tensorflow";
import { type Gradients, globalNorm, type Variables } from "./gradients";

export interface Optimizer {
  /** Steps taken. */
  step: number;
  /** `mean/NAME` and `square/NAME` for Adam; empty for SGD. */
  slots: Variables;
}

export function createOptimizer({ name }: OptimizerConfig, variables: Variables): Optimizer {
  const slots: Variables = new Map();
  if (name === "adamw")
    for (const [variable, value] of variables)
      for (const slot of ["mean", "square"])
        slots.set(
          `${slot}/${variable}`,
          tf.tidy(() => tf.variable(tf.zerosLike(value), false)),
        );
  return { step: 0, slots };
}

/** One update of every variable; disposes the gradients and returns their norm before clipping. */
export function applyGradients(
  optimizer: Optimizer,
  config: OptimizerConfig,
  learningRate: number,
  variables: Variables,
  gradients: Gradients,
): number {
  const norm = globalNorm(gradients);
  const clip = Math.min(1, config.maxGradNorm / (norm + 1e-6)); // torch.nn.utils.clip_grad_norm_
  optimizer.step++;
  for (const [name, variable] of variables)
    tf.tidy(() => {
      const gradient = clip < 1 ? gradients.get(name)!.mul(clip) : gradients.get(name)!;
      variable.assign(
        config.name === "sgd"
          ? variable.sub(gradient.mul(learningRate))
          : adamw(optimizer, config, learningRate, name, variable, gradient),
      );
    });
  tf.dispose([...gradients.values()]);
  return norm;
}

function adamw(
  { step, slots }: Optimizer,
  config: OptimizerConfig,
  learningRate: number,
  name: string,
  variable: tf.Tensor,
  gradient: tf.Tensor,
): tf.Tensor {
  const { beta1, beta2, epsilon, weightDecay } = config;
  const [mean, square] = [slots.get(`mean/${name}`)!, slots.get(`square/${name}`)!];
  mean.assign(mean.mul(beta1).add(gradient.mul(1 - beta1)));
  square.assign(square.mul(beta2).add(gradient.square().mul(1 - beta2)));
  const denominator = square
    .sqrt()
    .div(Math.sqrt(1 - beta2 ** step))
    .add(epsilon);
  const decayed = weightDecay === 0 ? variable : variable.mul(1 - learningRate * weightDecay);
  return decayed.sub(mean.div(denominator).mul(learningRate / (1 - beta1 ** step)));
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
