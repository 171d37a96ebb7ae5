// What a method provides: the rows that it reads, and two functions over them. `batches` runs off the tape (rows, reference
// log-probabilities, rollouts), `loss` on it. The loop pulls the micro-batches of an optimiser step, steps and disposes; see run/loop.ts.
import type { Check } from "../../spec/checks";
import type { RewardSource } from "../../spec/fields/rewards";
import type { Distributions } from "../../spec/histograms";
import type { TracedRollout } from "../../spec/rollouts";
import type { Dataset, TrainingData } from "../data/dataset";
import type { MicroBatch } from "../data/row-batches";
import type { Tokens } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import type { Stats, Variables } from "../engine/gradients";
import type { Tree } from "../engine/jit/compile";
import type { LossOutput } from "../engine/loss-output";
import type { tf } from "../engine/tensorflow";
import type { FrozenPolicy } from "../inference/frozen-policy";
import type { Reference } from "../inference/reference";
import type { WeightSource } from "../models/formats/safetensors";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Reward } from "../rewards/rewards";

/** A method's training code, found by its name in methods.ts. */
export interface Training<Config, Row, Batch extends Tree> {
  readRows(config: Config, tokenizer: ChatTokenizer): Promise<Dataset<Row>>;
  /** A row as the sequences that share its prompt. */
  sequences(row: Row, config: Config): Tokens[];
  /** The longest sequence that sampling may make of a row, beside those. */
  longest?(row: Row, config: Config): Tokens;
  /** A row as a token file lays it out, where that is not the row itself. */
  tokenFileRow?(row: Row): unknown;
  create(setup: Setup, config: Config, dataset: TrainingData<Row>): Method<Batch>;
}

/** What a run has loaded when it creates its method; each method takes what it needs. */
export interface Setup {
  context: Context;
  tokenizer: ChatTokenizer;
  /** The frozen policy that the run's `reference` names; null where every weight is trained by a method without one: no copy is kept then. */
  reference: FrozenPolicy | null;
  /** The frozen policy that a run of distillation learns from; null in others. */
  teacher: FrozenPolicy | null;
  /** Scores the run's rows under the reference; scores are kept between runs. */
  createReferenceScores(): Reference;
  /** Scores sampled answers. On a run's first answers, reward models are checked against the scores that they were trained on. */
  createReward(source: RewardSource, normalize: boolean): Reward;
  note(text: string): void;
  /** Reports an invariant that was checked and holds. */
  checked(check: Check): void;
  /** Announces a file in the output folder with pairs for people to judge. */
  waiting(asked: { round: number; request: string; answer: string }): void;
}

export interface Context {
  model: Model;
  /** Null where every weight is trained. */
  policy: Adapter | null;
  /** What is trained where every weight is, and what it was read from. */
  whole: { variables: Variables; start: WeightSource } | null;
  /** Token budget of a micro-batch. */
  microBatchTokens: number;
}

/** The reference of a method that has one. */
export function referenceOf({ reference }: Pick<Setup, "reference">): FrozenPolicy {
  if (reference === null) throw new Error("this method has a reference, and none was kept");
  return reference;
}

export interface Method<Batch extends Tree> {
  /**
   * The micro-batches of optimiser step `step`, counted from 0: the same for the same step, whatever ran before. An empty list skips the step.
   * Rows are padded with `pad`, which must not change any number.
   */
  batches(step: number, pad: number): MicroBatch<Batch>[];
  /** The held-out rows once. */
  heldOut(pad: number): MicroBatch<Batch>[];
  loss(batch: Batch): LossOutput;
  /** Awaited before the step's batches, for example until people have judged its pairs; false if `signal` ended the wait. */
  beforeStep?(step: number, signal: AbortSignal): Promise<boolean>;
  /** Optimiser steps that learn from one rollout, 1 where there is none: the run logs, saves and stops at the end of one. */
  stepsPerRollout?: number;
  /** Answers that a rollout samples. */
  answersPerRollout?: number;
  /** Optimiser steps of the whole run, where they do not follow from rows and batch size. */
  totalSteps?: number;
  /** Metrics of the step besides those of its loss, for example of its rollout. */
  stepMetrics?(step: number): Stats;
  /** Values that a step trains on, for histograms. */
  distributions?(step: number): Distributions;
  /** A few completions of the rollout that `step` ends, token by token, with the policy as it is after it. */
  traced?(step: number): TracedRollout[];
  /** Checks invariants on the metrics of the rollout's steps so far. Throws if one is violated. */
  validateStep?(step: number, stats: Stats): void;
  /** A reward model's score.weight, trained and saved with the policy. */
  head?: tf.Variable<tf.Rank.R2>;
  /** Of a process reward model: the text that ends a step, saved beside it. */
  stepSeparator?: string;
  /** Trained alongside the policy, saved in a folder of its own. */
  critic?: { adapter: Adapter | null; variables: Variables };
  /** A reference that follows the policy, saved with it. */
  reference?: { adapter: Adapter | null; variables: Variables };
  /** Called after optimiser step `step`, counted from 1, where it was learnt from. */
  afterStep?(step: number): void;
  /** State that steps change besides the variables, saved with them. */
  controller?: Record<string, number>;
  /** The reference model's scores of the rows; the run verifies at its end that they have not changed. */
  referenceScores?: Reference;
  /** What scores the answers that the method trains on; sample completions are scored with it too. */
  reward?: Reward;
}
