// Direct Preference Optimization (Rafailov et al. 2023, arXiv 2305.18290) and the losses that share its inputs.
// Names and conventions are TRL 1.16's; ε is label smoothing, σ the sigmoid, −log σ(x) is written softplus(−x).
import type { MovingReference } from "../../../spec/fields/pairs";
import type { DpoConfig } from "../../../spec/methods/dpo";
import { fused } from "../../engine/ops";
import { tf } from "../../engine/tensorflow";
import { sumOfScored } from "../../inference/scored-tokens";
import {
  type AnswerTokens,
  answerLengths,
  chosenNll,
  halves,
  minusLogSigmoid,
  type PairOf,
  smoothed,
} from "../shared/answers";

export type DpoOptions = Omit<DpoConfig["dpo"], "useWeighting" | "confidenceColumn" | keyof MovingReference>;
type Loss = Exclude<DpoConfig["dpo"]["lossType"], unknown[]>;

export interface DpoLoss {
  /** Mean over the pairs. */
  loss: tf.Scalar;
  /** Of each pair, terms weighted and added. */
  losses: tf.Tensor; // [B]
  /** β log π/π_ref, equation 5 up to the partition function. */
  rewards: PairOf<tf.Tensor>; // [B]
  /** log π of each answer as the loss counts its tokens. */
  logProbs: PairOf<tf.Tensor>; // [B]
}

/** All [B]. */
interface Ratios {
  /** Δ = log π/π_ref of each answer, in nats. */
  delta: PairOf<tf.Tensor>;
  /** The same under the divergence at hand: f'(π/π_ref) (Wang et al. 2024, arXiv 2309.16240). */
  score: PairOf<tf.Tensor>;
  policy: PairOf<tf.Tensor>;
  reference: PairOf<tf.Tensor>;
  lengths: PairOf<tf.Tensor>;
  /** Probability that each label is the wrong way round; null where `labelSmoothing` is that of all. */
  labelFlips: tf.Tensor | null;
}

/**
 * Losses of pairs from the log-probabilities of their tokens under policy and reference, both [2B, C] with chosen answers first.
 * `weights` [B] multiply each pair's loss (WPO); `perToken` makes a sum over tokens this batch's share of the step's mean over tokens;
 * `labelFlips` [B] are cdpo's ε of each pair, where annotators leave some labels less certain than others.
 */
export function dpoLoss(
  policy: AnswerTokens,
  reference: tf.Tensor2D,
  options: DpoOptions,
  perToken: tf.Scalar,
  weights: tf.Tensor1D | null = null,
  labelFlips: tf.Tensor1D | null = null,
): DpoLoss {
  const ratios = { ...ratiosOf(policy, reference, options), labelFlips };
  const names = [options.lossType].flat();
  const terms = names.map((name, i) => {
    const value = name === "sft" ? chosenNll(policy, perToken) : pairLosses[name](ratios, options); // [B]
    const weighed = weights ? (name === "sft" ? value.mean() : value).mul(weights) : value;
    return weighed.mul(options.lossWeights?.[i] ?? 1);
  });
  const losses = tf.addN(terms);
  const rewards = rewardsOf(ratios, options.beta);
  return { loss: losses.mean(), losses, rewards, logProbs: ratios.policy };
}

/**
 * What XPO adds (Xie et al. 2024, arXiv 2405.21046, algorithm 1): α log π of each pair's answer that the reference sampled, mean over the pairs.
 * `explored` [2B] → scalar
 */
export const exploration = (answers: AnswerTokens, explored: tf.Tensor1D, alpha: number): tf.Scalar =>
  sumOfScored(answers.logProbs, answers)
    .mul(explored)
    .sum()
    .mul(alpha / (explored.size / 2));

const difference = ({ chosen, rejected }: PairOf<tf.Tensor>) => chosen.sub(rejected);

/** Each gives [B]; m is the margin β (s_w − s_l). */
const pairLosses: Record<Exclude<Loss, "sft">, (ratios: Ratios, options: DpoOptions) => tf.Tensor> = {
  /** Equation 7: −log σ(m). log 2 where policy and reference agree. */
  sigmoid: (r, o) => minusLogSigmoid(margin(r, o)),
  /** Conservative DPO (Mitchell 2023): a label is wrong with probability ε. */
  cdpo: (r, o) => smoothed(margin(r, o), r.labelFlips ?? o.labelSmoothing),
  /** SLiC (Zhao et al. 2023, arXiv 2305.10425) on DPO's margin. */
  hinge: (r, o) => tf.relu(tf.scalar(1).sub(margin(r, o))),
  /** IPO (Azar et al. 2023, arXiv 2310.12036), equation 17, on means per token. */
  ipo: (r, { beta }) =>
    perTokenScore(r)
      .sub(1 / (2 * beta))
      .square(),
  /** Robust DPO (Chowdhury et al. 2024, arXiv 2403.00409): unbiased under flips with probability ε. */
  robust(r, { beta, labelSmoothing: e }) {
    const m = margin(r, { beta });
    return minusLogSigmoid(m)
      .mul(1 - e)
      .sub(minusLogSigmoid(m.neg()).mul(e))
      .div(1 - 2 * e);
  },
  /** EXO (Ji et al. 2024, arXiv 2402.00856), equation 16 for pairs: reverse KL to the smoothed label. */
  exo_pair(r, { beta, labelSmoothing: e }) {
    const m = margin(r, { beta });
    const term = (x: tf.Tensor, label: number) => x.sigmoid().mul(minusLogSigmoid(x).neg().sub(Math.log(label)));
    return term(m, 1 - e).add(term(m.neg(), e));
  },
  /** NCA (Chen et al. 2024, arXiv 2402.05369), pairs. */
  nca_pair(r, { beta }) {
    const { chosen, rejected } = rewardsOf(r, beta);
    return minusLogSigmoid(chosen)
      .add(minusLogSigmoid(chosen.neg()).mul(0.5))
      .add(minusLogSigmoid(rejected.neg()).mul(0.5));
  },
  /** BCO (Jung et al. 2024, arXiv 2404.04656) without its running baseline, as in MPO. */
  bco_pair(r, { beta }) {
    const { chosen, rejected } = rewardsOf(r, beta);
    return minusLogSigmoid(chosen).add(minusLogSigmoid(rejected.neg()));
  },
  /** SPPO (Wu et al. 2024, arXiv 2405.00675) with win probabilities 1 and 0. */
  sppo_hard: ({ delta }, { beta }) =>
    delta.chosen
      .sub(1 / (2 * beta))
      .square()
      .add(delta.rejected.add(1 / (2 * beta)).square()),
  /** AOT (Melnyk et al. 2024, arXiv 2406.05882): the batch's sorted margins are compared, policy against reference. */
  aot: ({ policy, reference }, { beta, labelSmoothing }) =>
    smoothed(
      sorted(difference(policy))
        .sub(sorted(difference(reference)))
        .mul(beta),
      labelSmoothing,
    ),
  /** The same on answers that are not paired. */
  aot_unpaired: ({ delta }, { beta, labelSmoothing }) =>
    smoothed(sorted(delta.chosen).sub(sorted(delta.rejected)).mul(beta), labelSmoothing),
  /** APO (D'Oosterlinck et al. 2024, arXiv 2408.06266): chosen answers up, rejected ones down. */
  apo_zero(r, { beta }) {
    const { chosen, rejected } = rewardsOf(r, beta);
    return tf.scalar(1).sub(chosen.sigmoid()).add(rejected.sigmoid());
  },
  /** The same where the model is better than both: both down, the rejected one more. */
  apo_down(r, { beta }) {
    const { chosen, rejected } = rewardsOf(r, beta);
    return chosen.sigmoid().add(tf.scalar(1).sub(chosen.sub(rejected).sigmoid()));
  },
  /** DiscoPOP (Lu et al. 2024, arXiv 2406.08414), the log-ratio modulated loss, τ = 0.05. */
  discopop(r, o) {
    const m = margin(r, o);
    const gate = m.div(0.05).sigmoid();
    return tf.scalar(1).sub(gate).mul(minusLogSigmoid(m)).add(gate.mul(m.neg().exp()));
  },
  /** DPO on means per token (Tülu 3, Lambert et al. 2024, arXiv 2411.15124). */
  sigmoid_norm: (r, { beta }) => minusLogSigmoid(perTokenScore(r).mul(beta)),
};

/** Losses that compare the batch's rows with each other: their batch is not to be cut. */
export const comparesRows = (lossType: DpoOptions["lossType"]) =>
  [lossType].flat().some((name) => name.startsWith("aot"));

const margin = ({ score }: Ratios, { beta }: { beta: number }) => difference(score).mul(beta);
const rewardsOf = ({ delta }: Ratios, beta: number) => ({
  chosen: delta.chosen.mul(beta),
  rejected: delta.rejected.mul(beta),
});
const perTokenScore = ({ score, lengths }: Ratios) =>
  score.chosen.div(lengths.chosen).sub(score.rejected.div(lengths.rejected));

/** In descending order; each gradient goes back to where its value came from. [B] → [B] */
const sorted = (x: tf.Tensor): tf.Tensor =>
  fused<tf.Tensor>(
    [x],
    (x) => {
      const { values, indices } = tf.topk(x!, x!.size);
      return { value: values, saved: [indices] };
    },
    (dy, _, [order]) => [tf.unsortedSegmentSum(dy, order as tf.Tensor1D, dy.size)],
  );

function ratiosOf(tokens: AnswerTokens, referenceTokens: tf.Tensor2D, options: DpoOptions): Omit<Ratios, "labelFlips"> {
  const lengths = answerLengths(tokens);
  const weight = options.ldAlpha === null ? tokens.mask : desensitised(tokens.mask, lengths, options.ldAlpha);
  const policy = halves(tokens.logProbs.mul(weight).sum<tf.Tensor1D>(1));
  const reference = halves(referenceTokens.mul(weight).sum<tf.Tensor1D>(1));
  const delta = { chosen: policy.chosen.sub(reference.chosen), rejected: policy.rejected.sub(reference.rejected) };
  const score = { chosen: divergenceScore(delta.chosen, options), rejected: divergenceScore(delta.rejected, options) };
  return { delta, score, policy, reference, lengths };
}

/** Up to a constant, which cancels between the answers. */
function divergenceScore(delta: tf.Tensor, { fDivergenceType, fAlphaDivergenceCoef: alpha }: DpoOptions): tf.Tensor {
  switch (fDivergenceType) {
    case "reverse_kl":
      return delta;
    case "forward_kl": // 1 − π_ref/π
      return delta.neg().exp().neg();
    case "js_divergence": // log 2π/(π + π_ref)
      return minusLogSigmoid(delta).neg();
    case "alpha_divergence": // ((π/π_ref)^(α − 1) − 1)/(α − 1)
      return delta
        .mul(alpha - 1)
        .clipByValue(-1e9, 80)
        .exp()
        .div(alpha - 1);
  }
}

/** LD-DPO (Liu et al. 2024, arXiv 2409.06411): tokens past the shorter answer's length count α. [2B, C] → [2B, C] */
function desensitised(mask: tf.Tensor2D, { chosen, rejected }: PairOf<tf.Tensor1D>, alpha: number): tf.Tensor2D {
  const shorter = tf.tile(chosen.minimum(rejected), [2]).expandDims(1); // [2B, 1]
  const ordinal = tf.cumsum(mask, 1); // of each scored token
  const withinSharedLength = ordinal.lessEqual(shorter).toFloat();
  return mask.mul(withinSharedLength.mul(1 - alpha).add(alpha));
}
