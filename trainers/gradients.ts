// The only place that differentiates and that keeps tensors beyond a tidy.
import { tf } from "./engine/tensorflow";
import type { LossOutput } from "./method";
import type { MetricName } from "./metrics";

export type Variables = Map<string, tf.Variable>;
export type Gradients = Map<string, tf.Tensor>;
export type Stats = Partial<Record<MetricName, number>>;

/** Loss, the mean of every stat, and the gradient by variable name; the caller owns the gradients. */
export function lossAndGradients(
  compute: () => LossOutput,
  variables: Variables,
): { stats: Stats; gradients: Gradients } {
  return tf.tidy(() => {
    let output: LossOutput | undefined;
    const { grads } = tf.variableGrads(() => {
      output = compute();
      for (const stat of Object.values(output.stats)) tf.keep(stat);
      tf.keep(output.loss);
      return output.loss;
    }, [...variables.values()]);
    const gradients = new Map([...variables].map(([name, variable]) => [name, tf.keep(grads[variable.name]!)]));
    const stats = means(output!);
    tf.dispose([output!.loss, ...Object.values(output!.stats)]);
    return { stats, gradients } as unknown as tf.TensorContainer;
  }) as unknown as { stats: Stats; gradients: Gradients };
}

/** The same off the tape: for held-out rows. */
export function lossOnly(compute: () => LossOutput): Stats {
  let stats: Stats = {};
  tf.tidy(() => {
    stats = means(compute());
  });
  return stats;
}

function means({ loss, stats }: LossOutput): Stats {
  const entries = Object.entries(stats).map(([name, stat]) => [name, stat.mean().dataSync()[0]!]);
  return { loss: loss.dataSync()[0]!, ...Object.fromEntries(entries) };
}

/** Adds `share` · gradients into `total` (or starts it) and disposes the gradients. */
export function accumulate(total: Gradients | null, gradients: Gradients, share: number): Gradients {
  if (share === 1) return gradients;
  const sum = new Map(
    [...gradients].map(([name, gradient]) => [
      name,
      tf.tidy(() => (total ? total.get(name)!.add(gradient.mul(share)) : gradient.mul(share))),
    ]),
  );
  tf.dispose([...gradients.values(), ...(total?.values() ?? [])]);
  return sum;
}

/** √Σ g² over all gradients together. */
export function globalNorm(gradients: Gradients): number {
  return Math.sqrt(tf.tidy(() => tf.addN([...gradients.values()].map((g) => g.square().sum())).dataSync()[0]!));
}
