// Shared by the methods that learn from pairs: batches of chosen and rejected answers, and their metrics.
import type { RunConfig } from "../../../spec/config";
import type { TrainingData } from "../../data/dataset";
import { rowBatches } from "../../data/row-batches";
import { type PairTokens, pairGroup, type Tokens } from "../../data/tokenize";
import type { Tree } from "../../engine/jit/compile";
import { type LossOutput, maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, scoredTokens, type TokenBatch, tokenBatch } from "../../inference/batches";
import type { TokenScores } from "../../inference/policy";
import type { Context, Method } from "../method";
import { halves, type PairOf } from "./answers";

/** A batch of pairs; the chosen answers' rows come first. */
export type PairBatch = TokenBatch & {
  /** Scales a sum over this batch's chosen tokens to its share of the step's mean over tokens; the loop weights batches by their pairs. */
  perToken: tf.Scalar;
};

interface Cutting {
  /** Keeps a batch in one piece, for losses that compare its rows with each other. */
  wholeBatches?: boolean;
  /** The two sequences of a pair, chosen first; the mask marks the tokens whose likelihood the loss uses. */
  group?(pair: PairTokens): Tokens[];
}

/** The batches of a method over pairs; `more` adds the method's own tensors to one. */
export function pairBatches<More extends { [name: string]: Tree }>(
  { microBatchTokens }: Context,
  config: RunConfig,
  dataset: TrainingData<PairTokens>,
  more: (groups: Tokens[][], batch: TokenBatch, pairs: PairTokens[]) => More,
  { wholeBatches = false, group = pairGroup }: Cutting = {},
): Pick<Method<PairBatch & More>, "batches" | "heldOut"> {
  const budget = wholeBatches ? Number.POSITIVE_INFINITY : microBatchTokens;
  const cut = (rows: PairTokens[], pad: number) => {
    const chosenTokens = rows.reduce((sum, row) => sum + scoredTokens(group(row)[0]!), 0);
    return microBatches(rows, group, budget).map((part) => ({
      weight: part.length,
      tokens: countTokens(part.flatMap(group)),
      build() {
        const groups = part.map(group);
        const batch = tokenBatch(groups, pad);
        const perToken = tf.scalar(rows.length / (part.length * chosenTokens));
        return { ...batch, perToken, ...more(groups, batch, part) };
      },
    }));
  };
  return rowBatches(dataset, config, cut, wholeBatches);
}

/** Probability that each pair's label is the wrong way round. → [B] */
export const labelFlipProbabilities = (pairs: PairTokens[]): tf.Tensor1D =>
  tf.tensor1d(pairs.map(({ confidence = 1 }) => 1 - confidence));

/** 1 for the answer of each pair that the reference sampled, chosen ones first. → [2B] */
export const exploredRows = (pairs: PairTokens[]): tf.Tensor1D =>
  tf.tensor1d(
    (["chosen", "rejected"] as const).flatMap((answer) => pairs.map(({ explored }) => (explored === answer ? 1 : 0))),
  );

/** Rewards and log-probabilities of pairs under TRL's names. */
export function pairStats(rewards: PairOf<tf.Tensor>, logProbs: PairOf<tf.Tensor>): LossOutput["stats"] {
  return {
    "rewards/chosen": maskedMean(rewards.chosen),
    "rewards/rejected": maskedMean(rewards.rejected),
    "rewards/margins": maskedMean(rewards.chosen.sub(rewards.rejected)),
    "rewards/accuracies": maskedMean(rewards.chosen.greater(rewards.rejected).toFloat()),
    "logps/chosen": maskedMean(logProbs.chosen),
    "logps/rejected": maskedMean(logProbs.rejected),
  };
}

/** Entropy, accuracy and mean logits of the policy at the scored tokens. */
export function tokenStats({ entropy, top1, meanLogit }: TokenScores, { mask }: TokenBatch): LossOutput["stats"] {
  const [scored, likeliest, logits] = [halves(mask), halves(top1), halves(meanLogit)];
  return {
    entropy: maskedMean(entropy, mask),
    mean_token_accuracy: maskedMean(likeliest.chosen, scored.chosen),
    "logits/chosen": maskedMean(logits.chosen, scored.chosen),
    "logits/rejected": maskedMean(logits.rejected, scored.rejected),
  };
}
