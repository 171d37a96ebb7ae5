// Inputs of preference losses: log-probabilities of the answers' tokens, rows of chosen answers before those of rejected ones.
import { tf } from "../../engine/tensorflow";
import { sumOfScored } from "../../inference/scored-tokens";

export interface AnswerTokens {
  logProbs: tf.Tensor2D; // [n·B, C], in nats; no meaning outside the mask
  /** 1 where a token is scored. */
  mask: tf.Tensor2D; // [n·B, C]
}

export type PairOf<T> = { chosen: T; rejected: T };

/** The rows of chosen and of rejected answers. */
export function halves<T extends tf.Tensor>(both: T): PairOf<T> {
  const [chosen, rejected] = tf.split(both, 2) as [T, T];
  return { chosen, rejected };
}

/** Scored tokens of each answer. → [B] */
export const answerLengths = ({ mask }: AnswerTokens) => halves(mask.sum<tf.Tensor1D>(1));

/** Mean of log π over an answer's scored tokens, in nats: independent of its length. → [n·B] */
export const meanLogProbs = ({ logProbs, mask }: AnswerTokens) =>
  sumOfScored(logProbs, { mask }).div<tf.Tensor1D>(mask.sum(1));

/** −log π of each chosen answer; `perToken` makes their mean over the pairs this batch's share of the step's mean over tokens. → [B] */
export function chosenNll(answers: AnswerTokens, perToken: tf.Scalar): tf.Tensor1D {
  const { chosen } = halves(sumOfScored(answers.logProbs, answers));
  return chosen.neg().mul<tf.Tensor1D>(perToken).mul(chosen.size);
}

export const minusLogSigmoid = (x: tf.Tensor) => tf.softplus(x.neg());

/** −log σ(m) where a label is the wrong way round with probability e: −(1 − e) log σ(m) − e log σ(−m). [B] → [B] */
export const smoothed = (m: tf.Tensor, e: number | tf.Tensor) =>
  e === 0 ? minusLogSigmoid(m) : minusLogSigmoid(m).mul(tf.sub(1, e)).add(minusLogSigmoid(m.neg()).mul(e));
