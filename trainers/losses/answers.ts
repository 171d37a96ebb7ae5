// What preference losses read: log-probabilities of answers' tokens, the chosen answers' rows before the rejected ones'.
import { tf } from "../engine/tensorflow";

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

/** log π(answer | prompt): the sum over its scored tokens, in nats. → [n·B] */
export const sumLogProbs = ({ logProbs, mask }: AnswerTokens) => logProbs.mul(mask).sum<tf.Tensor1D>(1);

/** The same per token, which no answer's length inflates. → [n·B] */
export const meanLogProbs = ({ logProbs, mask }: AnswerTokens) =>
  logProbs.mul(mask).sum(1).div<tf.Tensor1D>(mask.sum(1));
