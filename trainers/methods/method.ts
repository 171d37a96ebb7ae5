// What a method is to a run: the rows that it reads, and two functions over them. `batches` runs off the tape (rows, reference
// log-probabilities, rollouts), `loss` on it. The loop pulls the micro-batches of an optimiser step, steps and disposes; see run/loop.ts.
import type { Check } from "../../spec/checks";
import type { RewardSource } from "../../spec/fields/rewards";
import type { Distributions } from "../../spec/histograms";
import type { Dataset } from "../data/dataset";
import type { MicroBatch } from "../data/row-batches";
import type { Tokens } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import type { Stats, Variables } from "../engine/gradients";
import type { Tree } from "../engine/jit/compile";
import type { LossOutput } from "../engine/loss-output";
import type { tf } from "../engine/tensorflow";
import type { Reference } from "../inference/reference";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Model } from "../models/transformer";
import type { Reward } from "../rewards/rewards";

/** A method's training code, found by its name in methods.ts. */
export interface Training<Config, Row, Batch extends Tree> {
  readRows(config: Config, tokenizer: ChatTokenizer): Promise<Dataset<Row>>;
  /** A row as the sequences that share its prompt. */
  sequences(row: Row, config: Config): Tokens[];
  /** A row as a token file lays it out, where that is not the row itself. */
  tokenFileRow?(row: Row): unknown;
  create(setup: Setup, config: Config, dataset: Dataset<Row>): Method<Batch>;
}

/** What every run has loaded by the time it creates its method, which takes what it needs. */
export interface Setup {
  context: Context;
  tokenizer: ChatTokenizer;
  /** The frozen policy that the run's `reference` names; null is the base with the adapter off. */
  reference: Adapter | null;
  /** Scores the run's rows under the reference; scores are kept between runs. */
  createReferenceScores(): Reference;
  /** Scores sampled answers. A run's first answers tell whether its reward models were trained on answers like these. */
  createReward(source: RewardSource, normalize: boolean): Reward;
  note(text: string): void;
  /** Takes what a method finds to hold while it runs. */
  checked(check: Check): void;
  /** Tells that people are to judge the pairs of a request in the output folder. */
  waiting(asked: { round: number; request: string; answer: string }): void;
}

export interface Context {
  model: Model;
  /** Null where every weight is trained. */
  policy: Adapter | null;
  /** Tokens that are computed at once. */
  microBatchTokens: number;
}

/** The adapter that is trained; the schema refuses runs without one of methods that need it. */
export function trainedAdapter({ policy }: Context): Adapter {
  if (policy === null) throw new Error("this method needs an adapter, and the run trains every weight");
  return policy;
}

export interface Method<Batch extends Tree> {
  /**
   * The micro-batches of optimiser step `step`, counted from 0: the same for the same step, whatever ran before. None: the step is skipped.
   * Rows are padded with `pad`, which must change no number.
   */
  batches(step: number, pad: number): MicroBatch<Batch>[];
  /** The held-out rows once. */
  heldOut(pad: number): MicroBatch<Batch>[];
  loss(batch: Batch): LossOutput;
  /** What a step waits for: people's judgements, say. Called before the step's batches; false where `signal` ended the wait. */
  beforeStep?(step: number, signal: AbortSignal): Promise<boolean>;
  /** Optimiser steps that learn from one rollout, 1 where there is none: the run logs, saves and stops at the end of one. */
  stepsPerRollout?: number;
  /** Answers that a rollout samples. */
  answersPerRollout?: number;
  /** Optimiser steps of the whole run, where they do not follow from rows and batch size. */
  totalSteps?: number;
  /** What is known of the step beside its loss: of its rollout, say. */
  stepMetrics?(step: number): Stats;
  /** Values that a step learns from, for histograms. */
  distributions?(step: number): Distributions;
  /** Sees what the steps of a rollout have measured so far. Throws where what must hold of it does not. */
  validateStep?(step: number, stats: Stats): void;
  /** A reward model's score.weight, trained and saved with the policy. */
  head?: tf.Variable<tf.Rank.R2>;
  /** Trained beside the policy, saved in a folder of its own. */
  critic?: { adapter: Adapter; variables: Variables };
  /** Numbers that steps change beside the variables, saved with them. */
  controller?: { klCoefficient: number };
  /** What scores the rows under the reference: the run checks that it never changes. */
  referenceScores?: Reference;
  /** What scores the answers that the method learns from; the run scores its sample completions with it too. */
  reward?: Reward;
}
