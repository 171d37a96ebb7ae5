// The only place that differentiates. `lossAndGradients` is plain tf.*; the loop compiles it.
import type { Tree } from "./engine/jit/compile";
import { tf } from "./engine/tensorflow";
import type { LossOutput } from "./method";
import type { MetricName } from "./metrics";

export type Variables = Map<string, tf.Variable>;
/** By variable name. */
export type Gradients = Record<string, tf.Tensor>;
export type Stats = Partial<Record<MetricName, number>>;

/** Means of a batch: `values[i]` belongs to `names[i]`. One vector, so that they are read at once. */
export type Measured = { names: string[]; values: tf.Tensor1D };

/** Loss and stats of a batch, and `share` times the loss's gradient. The caller owns what it gets. */
export function lossAndGradients<Batch extends Tree>(loss: (batch: Batch) => LossOutput, variables: Variables) {
  return ({ batch, share }: { batch: Batch; share: tf.Scalar }): { measured: Measured; gradients: Gradients } => {
    let measured: Measured | undefined;
    const { grads } = tf.variableGrads(() => {
      const output = loss(batch);
      measured = measure(output);
      tf.keep(measured.values);
      return output.loss.mul(share);
    }, [...variables.values()]);
    const gradients = Object.fromEntries([...variables].map(([name, variable]) => [name, grads[variable.name]!]));
    return { measured: measured!, gradients };
  };
}

/** Loss and stats of a batch off the tape. */
export function measure({ loss, stats }: LossOutput): Measured {
  const means = Object.values(stats).map((stat) => stat.mean());
  return { names: ["loss", ...Object.keys(stats)], values: tf.stack([loss, ...means]) as tf.Tensor1D };
}

/** Reads the numbers and frees the vector. */
export function readStats({ names, values }: Measured): Stats {
  const numbers = values.dataSync();
  values.dispose();
  return Object.fromEntries(names.map((name, i) => [name as MetricName, numbers[i]!]));
}

/** Adds two gradients, which it frees. */
export function sumGradients(a: Gradients, b: Gradients): Gradients {
  const sum = Object.fromEntries(Object.entries(a).map(([name, gradient]) => [name, gradient.add(b[name]!)]));
  tf.dispose([a, b]);
  return sum;
}
