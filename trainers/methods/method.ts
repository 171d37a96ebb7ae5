// A method is two functions: `batches` runs off the tape (rows, reference log-probabilities), `loss` runs on it.
// The loop pulls the micro-batches of an optimiser step, steps and disposes; see loop.ts.

import type { Spread } from "../../spec/histograms";
import type { MetricRow } from "../../spec/metrics/catalogue";
import type { Adapter } from "../adapters/adapter";
import type { MicroBatch } from "../data/row-batches";
import type { Tree } from "../engine/jit/compile";
import type { Average, LossOutput } from "../engine/loss-output";
import { tf } from "../engine/tensorflow";
import type { Model } from "../models/transformer";

/** Mean of all values, or of those that `mask` marks with 1. */
export const over = (values: tf.Tensor, mask?: tf.Tensor): Average =>
  mask
    ? { sum: values.mul(mask).sum(), count: mask.sum(), squares: values.square().mul(mask).sum() }
    : { sum: values.sum(), count: tf.scalar(values.size), squares: values.square().sum() };

type Stats = Partial<MetricRow>;

export interface Context {
  model: Model;
  policy: Adapter | null;
  pad: number;
  microBatchTokens: number;
}

export interface Method<Batch extends Tree> {
  /** What a step waits for: people's opinions, say. Called before the step's batches; false where `signal` ended the wait. */
  ready?(step: number, signal: AbortSignal): Promise<boolean>;
  /** The micro-batches of optimiser step `step`, counted from 0: the same for the same step, whatever ran before. None: it is left out. */
  batches(step: number): MicroBatch<Batch>[];
  /** The held-out rows once. */
  heldOut(): MicroBatch<Batch>[];
  loss(batch: Batch): LossOutput;
  /** Optimiser steps that learn from one rollout, 1 where there is none: the run logs, saves and stops at the end of one. */
  cycle?: number;
  /** Answers sampled a cycle, where a method learns from its own. */
  samples?: number;
  /** Optimiser steps of the whole run, where they do not follow from rows and batch size. */
  steps?: number;
  /** What is known of the step beside its loss: of its rollout, say. */
  about?(step: number): Stats;
  /** How what a step learns from is spread. */
  spread?(step: number): Spread;
  /** Sees what the steps of a cycle have measured so far. Throws where what must hold of it does not. */
  verify?(step: number, stats: Stats): void;
}
