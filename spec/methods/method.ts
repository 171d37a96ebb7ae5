// What form, validator, memory planner and command line know of a training method. Each method is one such value in a file of its own.
import type { z } from "zod";
import type { Problem } from "../errors";
import type { CommonConfig } from "../fields/common";
import type { Environment } from "../fields/environment";
import type { RewardSource } from "../fields/rewards";
import type { Supervision } from "../fields/supervision";
import type { LabelKind } from "../label-kinds";
import type { ChartName } from "../metrics/charts";

/**
 * Rows of a dataset; `pairs` is what methods that compare two answers learn from: a ranking makes several. `imitated` are those that SFT
 * learns from: all but solutions with a wrong step.
 */
export interface DatasetSize {
  holds: LabelKind;
  rows: number;
  pairs: number;
  imitated: number;
  /** Pairs beside these whose answers are equally good or bad, which only KTO learns from. */
  equal?: number | undefined;
}

/** What a method learns from in a dataset: "34 pairs". */
export interface Counted {
  count: number;
  words: string;
}

interface Name<Method extends string, Block extends string, Reference extends string | null> {
  /** As `method` of a run file says it. */
  name: Method;
  /** The field of a run file that holds its options. */
  block: Block;
  /** The field that names its reference policy; null where it has none. "reference" is a field beside the block. */
  reference: Reference;
}

/** Facts about a method, some of them by the settings of a run. */
interface Facts<Config> {
  /** As pages call it. */
  label: string;
  about: string;
  /** Labelled data that it reads, the kind it is made for first. */
  reads: readonly [LabelKind, ...LabelKind[]];
  /** The label of the form's list of datasets. */
  dataLabel: string;
  counted(size: DatasetSize): Counted;
  /** What its steps measure beside loss, gradient and speed, as a run's page draws it. */
  charts: readonly ChartName[];
  /** Whether it learns from answers that it samples itself. */
  onPolicy: boolean;
  /** Whether some of its steps, at least, sample answers. */
  samples(config: Config): boolean;
  /** Whether its loss has the ratio of the policy to what it was when it sampled: so long as it has not learnt, that has to be 1. */
  usesRatios: boolean;
  /** A policy writes answers; a reward model scores them. */
  produces: "policy" | "reward-model";
  /** Whether its reference follows the policy, and is a second one of its size for that. */
  movesReference(config: Config): boolean;
  /** Whether a critic of the policy's size is trained with it. */
  trainsCritic: boolean;
  /** Fields of every run that this method has settings of its own for: not on its form. */
  hides: readonly string[];
  /** What scores the answers that it samples; null where nothing does. */
  scoredBy(config: Config): {
    reward: RewardSource;
    normalizeReward: boolean;
    supervision?: Supervision;
    environment?: Environment | null;
  } | null;
  /** Whether its own settings name what it trains on, so that `data.train` has to stay empty. */
  bringsRows(config: Config): boolean;
  /** Rows that an optimiser step learns from. */
  rowsPerStep(config: Config): number;
  /** Answers that are sampled at once, 0 where none are: their keys and values are all in memory then. */
  sampledAtOnce(config: Config): number;
  /** Optimiser steps between two rounds of sampling; 1 where nothing is sampled. */
  stepsPerRollout(config: Config): number;
  /** Whether a forward pass beside the training step samples or scores answers: a program with memory of its own. */
  scoresApart(config: Config): boolean;
  /** What its settings forbid in the rest of the run file, each at its field. */
  problems(config: Config): Problem[];
  /** Lowest and highest value that papers and their code use, by path. */
  usual(config: Config): Record<string, [number, number]>;
  /** What may start and is probably not meant. */
  advice(config: Config): Problem[];
  /** What a run will do, in a line. */
  describe(config: Config, learned: Counted): string;
  /** Whether a run that logged metrics of these names, its own or TRL's, may be one of this method. */
  mayHaveLogged(names: ReadonlySet<string>): boolean;
}

/** A run of a method. */
type RunOf<Method extends string, Block extends string, Reference, Options extends z.ZodType> = {
  method: Method;
} & CommonConfig &
  Record<Block, z.output<Options>> &
  (Reference extends "reference" ? { reference: string } : unknown);

export type ConfigOf<Spec> = Spec extends Name<infer Method, infer Block, infer Reference> & {
  options: infer Options extends z.ZodType;
}
  ? RunOf<Method, Block, Reference, Options>
  : never;

/** Any method, for runs of the type `Config`. */
export type MethodSpec<Config> = Name<string, string, string | null> & { options: z.ZodType } & Facts<Config>;

/** The value as it stands, checked: TypeScript names what a new method has forgotten. */
export const defineMethod = <
  const Method extends string,
  const Block extends string,
  const Reference extends string | null,
  Options extends z.ZodType,
>(
  spec: Name<Method, Block, Reference> & { options: Options } & Facts<RunOf<Method, Block, Reference, Options>>,
) => spec;
