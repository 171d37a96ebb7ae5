// Dropout in the policy's adapter while a step learns, and only then: what scores, samples and evaluates computes without.
import type { RunConfig } from "../../spec/config";
import type { Adapter } from "../engine/adapter";
import { dropoutSeed } from "../engine/dropout";
import type { Gradients, Measured } from "../engine/gradients";
import type { Tree } from "../engine/jit/compile";
import type { tf } from "../engine/tensorflow";

/** What the loss of a micro-batch is computed from. */
export type StepInput<Batch extends Tree> = { batch: Batch; share: tf.Scalar; seed: tf.Tensor1D };

/** `gradientsOf` with the policy dropping numbers at `rate`. It is so until the gradient is there, for which blocks may be computed again. */
export const withDropout =
  <Batch extends Tree>(
    gradientsOf: (input: Omit<StepInput<Batch>, "seed">) => { measured: Measured; gradients: Gradients },
    policy: Adapter | null,
    rate: number,
  ) =>
  ({ seed, ...input }: StepInput<Batch>): { measured: Measured; gradients: Gradients } => {
    if (policy && rate > 0) policy.dropout = { rate, seed };
    const made = gradientsOf(input);
    delete policy?.dropout;
    return made;
  };

/** The same for the same run, step and micro-batch, so that a resumed run drops what the uninterrupted one does. */
export const seedOf = ({ seed }: RunConfig, step: number, microBatch: number): tf.Tensor1D =>
  dropoutSeed(seed, step, microBatch);
