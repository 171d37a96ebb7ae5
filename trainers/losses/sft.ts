// Supervised fine-tuning: maximum likelihood of the scored tokens.
import type { tf } from "../engine/tensorflow";

/** −mean log π(token | tokens before), in nats per token. [N] → scalar */
export function sftLoss(tokenLogProbs: tf.Tensor1D): tf.Scalar {
  return tokenLogProbs.mean().neg() as tf.Scalar;
}
