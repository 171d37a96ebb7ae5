// What an optimiser is: what it keeps of a variable between updates (its slots), and one update as plain tf.*.
import type { OptimizerConfig } from "../../../spec/fields/optimizer";
import type { tf } from "../../engine/tensorflow";

export interface Rule<Slot extends string = string, Scalar extends string = string> {
  /** The slots of a variable at the start. */
  start(variable: tf.Tensor): Record<Slot, tf.Tensor>;
  /** The numbers of update `t`, counted from 1, that hold for every variable: worked out in double precision. */
  scalars(config: OptimizerConfig, t: number, learningRate: number): Record<Scalar, number>;
  update(input: {
    config: OptimizerConfig;
    variable: tf.Tensor;
    gradient: tf.Tensor;
    slots: Record<Slot, tf.Tensor>;
    scalars: Record<Scalar, tf.Scalar>;
  }): { variable: tf.Tensor; slots: Record<Slot, tf.Tensor> };
}
