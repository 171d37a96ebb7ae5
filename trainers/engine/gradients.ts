// The only place that differentiates. `lossAndGradients` is plain tf.*; the loop compiles it.

import type { MeasuredName, MetricName } from "../../spec/metrics/catalogue";
import type { Tree } from "./jit/compile";
import type { LossOutput } from "./loss-output";
import { tf } from "./tensorflow";

export type Variables = Map<string, tf.Variable>;
/** By variable name. */
export type Gradients = Record<string, tf.Tensor>;
export type Stats = Partial<Record<MetricName, number>>;

/** What a batch measured: its loss, then sum, count and squares of each of `names`. One vector, so that all are read at once. */
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
    const gradients = Object.fromEntries(
      // of a variable that this batch's loss does not read, as a critic in a batch of texts
      [...variables].map(([name, variable]) => [name, grads[variable.name] ?? tf.zerosLike(variable)]),
    );
    return { measured: measured!, gradients };
  };
}

/** Loss and stats of a batch off the tape. */
export function measure({ loss, stats }: Omit<LossOutput, "heldOut">): Measured {
  const averages = Object.values(stats).flatMap(({ sum, count, squares }) => [sum, count, squares]);
  return { names: Object.keys(stats), values: tf.stack([loss, ...averages]) as tf.Tensor1D };
}

/** Means over batches in the making. */
export type Tally = Map<MeasuredName, { sum: number; count: number; squares: number }>;

/** Adds what a batch of some weight measured, which it frees. */
export function tally(totals: Tally, { names, values }: Measured, weight: number): void {
  const [loss, ...numbers] = values.dataSync();
  values.dispose();
  if (!names.includes("loss")) add("loss", loss! * weight, weight, 0);
  names.forEach((name, i) => {
    const [sum, count, squares] = numbers.slice(3 * i) as [number, number, number];
    add(name as MeasuredName, sum, count, squares);
  });

  function add(name: MeasuredName, sum: number, count: number, squares: number): void {
    const before = totals.get(name);
    if (!before) totals.set(name, { sum, count, squares });
    else if (name.startsWith("min_")) before.sum = Math.min(before.sum, sum);
    else if (name.startsWith("max_")) before.sum = Math.max(before.sum, sum);
    else totals.set(name, { sum: before.sum + sum, count: before.count + count, squares: before.squares + squares });
  }
}

/** The means, but of what never occurred; where both rewards did, their margin. */
export function means(totals: Tally): Stats {
  const found = [...totals].filter(([, { count }]) => count > 0);
  const stats: Stats = Object.fromEntries(found.map(([name, { sum, count }]) => [name, sum / count]));
  const { "rewards/chosen": chosen, "rewards/rejected": rejected } = stats;
  return chosen === undefined || rejected === undefined ? stats : { ...stats, "rewards/margins": chosen - rejected };
}

/** Standard error of a mean over rows that are independent; 0 where there is one row. */
export function standardErrorOf({ sum, count, squares }: { sum: number; count: number; squares: number }): number {
  if (count < 2) return 0;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2) / (count - 1));
}

/** Adds two gradients, which it frees. */
export function sumGradients(a: Gradients, b: Gradients): Gradients {
  const sum = Object.fromEntries(Object.entries(a).map(([name, gradient]) => [name, gradient.add(b[name]!)]));
  tf.dispose([a, b]);
  return sum;
}
