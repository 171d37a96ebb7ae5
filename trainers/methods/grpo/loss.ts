// Group relative policy optimisation (Shao et al. 2024, arXiv 2402.03300) and its variants: a loss per token, and a way to average them.

import type { GrpoConfig } from "../../../spec/methods/grpo";
import type { TracedRollout } from "../../../spec/rollouts";
import { deviation, mean, sum } from "../../../spec/statistics";
import { withoutGradient } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import type { Rollout } from "../shared/rollout";

export type GrpoOptions = Pick<
  GrpoConfig["grpo"],
  "lossType" | "epsilon" | "epsilonHigh" | "delta" | "importanceSamplingLevel" | "beta" | "useBiasCorrectionKl"
>;

/** Answers with what was recorded when they were sampled. */
export interface Grouped {
  logProbs: tf.Tensor2D; // [B, C]
  /** log π_ref of each token; used where the KL coefficient is not 0. */
  reference: tf.Tensor2D; // [B, C]
  advantages: tf.Tensor2D; // [B, C]
  mask: tf.Tensor2D; // [B, C]
}

/** All [B, C]. */
interface TokenLosses {
  losses: tf.Tensor;
  /** π/π_old. */
  ratio: tf.Tensor;
  /** 1 where the clip decides. */
  clipped: tf.Tensor;
  /** ½ (log π/π_old)². */
  squaredLogRatio: tf.Tensor;
}

/** The loss of each token, before `mask` and the average. */
export function grpoLoss(logProbs: tf.Tensor2D, sampled: Grouped, options: GrpoOptions): TokenLosses {
  const { logProbs: old, reference, advantages, mask } = sampled;
  const { epsilon, epsilonHigh, beta, useBiasCorrectionKl } = options;
  const logRatio = logProbs.sub<tf.Tensor2D>(old); // [B, C]
  const ratio = (options.importanceSamplingLevel === "token" ? logRatio : meanOfScored(logRatio, mask)).exp(); // [B, C] or [B, 1]
  const clippedRatio = ratio.clipByValue(1 - epsilon, 1 + (epsilonHigh ?? epsilon));
  const gain = policyGain(logProbs, { logRatio, ratio, clippedRatio }, sampled, options);
  const perToken = tf.zerosLike(logProbs); // widens [B, 1] to [B, C]
  const measured = {
    ratio: ratio.add(perToken),
    clipped: ratio.mul(advantages).greater(clippedRatio.mul(advantages)).toFloat().add(perToken),
    squaredLogRatio: logRatio.square().mul(0.5),
  };
  if (beta === 0) return { losses: gain.neg().add(perToken), ...measured };
  const away = reference.sub(logProbs);
  const kl = away.exp().sub(away).sub(1); // equation 4
  const cost = useBiasCorrectionKl ? kl.mul(ratio) : kl; // DeepSeek-V3.2 (arXiv 2512.02556), section 3.1
  return { losses: cost.mul(beta).sub(gain), ...measured };
}

interface Ratios {
  logRatio: tf.Tensor2D;
  ratio: tf.Tensor;
  clippedRatio: tf.Tensor;
}

/** Each token's term of the objective. */
function policyGain(
  logProbs: tf.Tensor2D,
  { logRatio, ratio, clippedRatio }: Ratios,
  { advantages, mask }: Grouped,
  { lossType, epsilonHigh, delta }: GrpoOptions,
): tf.Tensor {
  // MiniMax-M1 (arXiv 2506.13585), equation 4: the ratio is a weight, cut at epsilonHigh itself, and every token keeps its gradient
  if (lossType === "cispo") {
    const weight = withoutGradient(ratio.clipByValue(0, epsilonHigh ?? largestWeight));
    return weight.mul(advantages).mul(logProbs);
  }
  // SAPO (Gao et al. 2025, arXiv 2511.20347), equation 6: a sigmoid in the clip's place, steeper for bad answers
  if (lossType === "sapo") {
    const temperature = tf.where(advantages.greater(0), tf.onesLike(advantages), tf.fill(advantages.shape, 1.05));
    return ratio.sub(1).mul(temperature).sigmoid().mul(4).div(temperature).mul(advantages);
  }
  // VESPO (arXiv 2602.10693): a weight of the answer's whole ratio w, w^k e^(λ(1−w))
  if (lossType === "vespo") {
    const answer = logRatio.clipByValue(-20, 20).mul(mask).sum(1, true).clipByValue(Math.log(1e-8), 20); // [B, 1]
    const good = advantages.greaterEqual(0);
    const [power, rate] = [tf.where(good, 2, 3), tf.where(good, 3, 2)];
    const weight = rate.add(answer.mul(power)).sub(answer.exp().mul(rate)).exp();
    return withoutGradient(weight).mul(advantages).mul(logProbs);
  }
  const bounded = delta === null ? ratio : ratio.clipByValue(0, delta); // two-sided clip (arXiv 2505.07291)
  return bounded.mul(advantages).minimum(clippedRatio.mul(advantages)); // equation 3
}

/** The ratios beyond which a token no longer counts; null where the loss has another bound than equation 3's, or cuts whole answers. */
export function clipOf({
  lossType,
  epsilon,
  epsilonHigh,
  importanceSamplingLevel,
}: Pick<GrpoOptions, "lossType" | "epsilon" | "epsilonHigh" | "importanceSamplingLevel">): TracedRollout["clip"] {
  if (importanceSamplingLevel !== "token" || ["cispo", "sapo", "vespo"].includes(lossType)) return null;
  return { low: 1 - epsilon, high: 1 + (epsilonHigh ?? epsilon) };
}

/** Of CISPO where `epsilonHigh` is empty: ScaleRL (arXiv 2510.13786) has 5. */
const largestWeight = 5;

/** Mean over an answer's scored tokens. [B, C] → [B, 1] */
const meanOfScored = (values: tf.Tensor2D, mask: tf.Tensor2D) => values.mul(mask).sum(1, true).div(mask.sum(1, true));

/** What sums are divided by, so that the batches of an optimiser step add up to the mean that the loss defines. */
export interface Sizes {
  /** Rows, and scored tokens, of the optimiser step. */
  rows: number;
  tokens: number;
  /** Scored tokens of the whole rollout over the optimiser steps that an epoch of it takes. */
  tokensOfRollout: number;
  maxCompletionLength: number;
}

/** The weight of each token of an answer with `length` scored tokens in the step's loss. */
export function tokenWeight(lossType: GrpoOptions["lossType"], length: number, sizes: Sizes): number {
  switch (lossType) {
    case "grpo":
    case "sapo":
      return 1 / (length * sizes.rows); // mean of the answers' means, equation 3
    case "bnpo":
      return 1 / sizes.tokens;
    case "dr_grpo":
      return 1 / (sizes.rows * sizes.maxCompletionLength); // no answer's length counts (Liu et al. 2025, arXiv 2503.20783)
    case "luspo":
      return 1 / sizes.rows; // long answers weigh more
    case "dapo":
    case "cispo":
    case "vespo":
      return 1 / sizes.tokensOfRollout; // every token weighs the same (Yu et al. 2025, arXiv 2503.14476, equation 12)
  }
}

/** Advantages of a group's answers: scores minus the group's mean, over the standard deviation of the group, of the whole batch, or undivided. An answer without a score is in neither, and has advantage 0, as in TRL 1.16. [G][n] → [G][n] */
export function groupAdvantages(groups: (number | null)[][], scale: "group" | "batch" | "none"): number[][] {
  const all = scale === "batch" ? deviation(scored(groups.flat())) : 0;
  return groups.map((scores) => {
    const middle = mean(scored(scores));
    const divisor = scale === "none" ? 1 : (scale === "batch" ? all : deviation(scored(scores))) + 1e-4;
    return scores.map((score) => (score === null ? 0 : (score - middle) / divisor));
  });
}

const scored = (scores: (number | null)[]): number[] => scores.filter((score) => score !== null);

/** Answers of a group as `tokenAdvantages` reads them. */
type Rewarded = Pick<Rollout, "outcome" | "steps" | "response">;

/**
 * The advantage of each token, Â_{i,t}. Outcome supervision (section 4.1.2) gives it to all tokens alike. Process supervision (section 4.1.3)
 * normalises the rewards of all steps of a group together, and a token has the sum of those of the steps that end at it or after it. Where both
 * reward, each is normalised by itself and the two are added, as in PRIME (Cui et al. 2025, arXiv 2502.01456, section 3.2); `stepWeight` is the
 * share of the steps. [G][n] → [G][n][C]
 */
export function tokenAdvantages(
  groups: Rewarded[][],
  scale: "group" | "batch" | "none",
  stepWeight: number,
): number[][][] {
  const ofOutcomes = groupAdvantages(
    groups.map((group) => group.map(({ outcome }) => outcome)),
    scale,
  );
  const ofSteps = groupAdvantages(
    groups.map((group) => group.flatMap(({ steps }) => steps.map(({ reward }) => reward))),
    scale,
  );
  return groups.map((group, g) => {
    const left = ofSteps[g]!.values();
    return group.map(({ response, steps }, i) => {
      const rewards = steps.map(({ at }) => ({ at, reward: stepWeight * left.next().value! }));
      return response.map(
        (_, t) => sum(rewards.flatMap(({ at, reward }) => (at >= t ? reward : []))) + ofOutcomes[g]![i]!,
      );
    });
  });
}
