// What methods of a family have in common, for their values to begin with.
import type { z } from "zod";
import type { CommonConfig } from "../fields/common";
import type { grouped } from "../fields/groups";
import type { LabelKind } from "../label-kinds";
import type { Counted, DatasetSize } from "./method";

export const plural = (count: number, word: string) =>
  `${count.toLocaleString("en")} ${count === 1 ? word : `${word}s`}`;

/** Methods that learn from the rows of a file: an optimiser step takes so many of them. */
export const fromRows = {
  charts: [],
  onPolicy: false,
  samples: () => false,
  usesRatios: false,
  produces: "policy",
  movesReference: () => false,
  trainsCritic: false,
  hides: [],
  scoredBy: () => null,
  bringsRows: () => false,
  rowsPerStep: ({ batchSize, gradientAccumulationSteps }: CommonConfig) => batchSize * gradientAccumulationSteps,
  sampledAtOnce: (_: CommonConfig) => 0,
  stepsPerRollout: () => 1,
  scoresApart: () => false,
  problems: () => [],
  usual: () => ({}),
  advice: () => [],
  describe(config: CommonConfig, { count, words }: Counted) {
    const rows = config.batchSize * config.gradientAccumulationSteps;
    const steps = config.maxSteps ?? Math.ceil((config.epochs * count) / rows);
    const epochs =
      count > 0 ? `${((steps * rows) / count).toFixed(2)} epochs over ${count.toLocaleString("en")}` : "no";
    return `${plural(steps, "step")} of ${plural(rows, "row")}, ${epochs} ${words}${count > 0 ? "" : " chosen"}`;
  },
} as const;

/** Methods that compare a better answer with a worse one. */
export const fromPairs = {
  ...fromRows,
  charts: ["accuracy", "rewards", "logProbs"],
  reads: ["pairs", "rankings"],
  dataLabel: "Training pairs",
  counted: ({ pairs }: DatasetSize) => ({ count: pairs, words: "pairs" }),
} as const;

const withPrompts: [LabelKind, ...LabelKind[]] = ["prompts", "pairs", "rankings", "unpaired", "sft", "stepwise"];

/** Methods that sample answers to prompts, whatever else the rows hold, and learn from them by DPO or a policy gradient. */
export const onPolicy = {
  onPolicy: true,
  samples: () => true,
  usesRatios: false,
  produces: "policy",
  movesReference: () => false,
  reads: withPrompts,
  dataLabel: "Prompts",
  counted: ({ rows }: DatasetSize) => ({ count: rows, words: "prompts" }),
  hides: [],
  bringsRows: () => false,
  scoresApart: () => true,
  problems: () => [],
  usual: () => ({}),
  advice: () => [],
} as const;

/** Methods that go in rounds, each of which makes rows to pass over. */
export const inRounds = <Config extends CommonConfig>(
  sizeOf: (config: Config) => { rows: number; answers: number; epochs: number },
) => ({
  trainsCritic: false,
  rowsPerStep: fromRows.rowsPerStep,
  sampledAtOnce: (config: Config) => sizeOf(config).answers,
  stepsPerRollout(config: Config) {
    const { rows, epochs } = sizeOf(config);
    return Math.ceil((rows * epochs) / fromRows.rowsPerStep(config));
  },
});

/** On-policy methods whose updates go through a rollout in mini-batches: these, and not batches of rows, make their steps. */
export const fromRollouts = {
  ...onPolicy,
  usesRatios: true,
  charts: [
    "rolloutReward",
    "rewardParts",
    "rewardStd",
    "rolloutKl",
    "policyLoss",
    "clipFraction",
    "approxKl",
    "ratio",
    "policyEntropy",
    "rolloutEntropy",
    "rolloutLength",
    "truncated",
    "rolloutsEnded",
    "repeated",
  ],
  reference: "reference",
  hides: ["batchSize", "gradientAccumulationSteps", "evalEvery"],
} as const;

/** "24 updates of …, 4 optimizer steps each": `perUpdate` prompts are asked in an update of `steps` steps. */
export function updatesInWords(
  { maxSteps, epochs }: CommonConfig,
  prompts: number,
  perUpdate: number,
  steps: number,
  what: string,
): string {
  const updates = maxSteps === null ? Math.ceil((epochs * prompts) / perUpdate) : Math.ceil(maxSteps / steps);
  return `${plural(updates, "update")} of ${what}, ${steps === 1 ? "an optimizer step each" : `${steps} optimizer steps each`}`;
}

type Groups = {
  [Field in "prompts" | "numGenerations" | "numIterations" | "numMiniBatches"]: z.output<(typeof grouped)[Field]>;
};

/** Rows of an optimiser step of RLOO and GRPO, at most: answers that do not divide evenly make smaller parts too. */
export const answersPerStep = ({ prompts, numGenerations, numMiniBatches }: Groups): number =>
  Math.ceil((prompts * numGenerations) / numMiniBatches);

export const groupsInWords = (
  config: CommonConfig,
  { prompts, numGenerations, numIterations, numMiniBatches }: Groups,
  count: number,
): string =>
  updatesInWords(
    config,
    count,
    prompts,
    numIterations * numMiniBatches,
    `${numGenerations} answers to each of ${prompts} prompts`,
  );
