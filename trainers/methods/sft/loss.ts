// Supervised fine-tuning: maximum likelihood of the scored tokens.
import type { tf } from "../../engine/tensorflow";

/** −mean log π(token | tokens before) over the tokens that `mask` scores, in nats per token. Both [B, T] → scalar */
export function sftLoss(tokenLogProbs: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  return tokenLogProbs.mul(mask).sum().div(mask.sum()).neg() as tf.Scalar;
}
