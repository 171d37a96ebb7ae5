// KTO (Ethayarajh et al. 2024, arXiv 2402.01306): each answer is labelled desirable or undesirable, and its reward is measured from a reference point.
import type { MovingReference } from "../../../spec/fields/pairs";
import type { KtoConfig } from "../../../spec/methods/kto";
import { tf } from "../../engine/tensorflow";

export interface KtoBatch {
  /** log π/π_ref of each answer, in nats. */
  delta: tf.Tensor1D; // [B]
  /** 1 desirable, 0 undesirable. */
  desirable: tf.Tensor1D; // [B]
  /** z, the reference point, without gradient and in nats: KTO's is an estimate of KL(π ‖ π_ref), BCO's a mean of Δ. */
  kl: tf.Scalar;
}

/**
 * Equation 8: w_D (1 − σ(β (Δ − z))) of desirable answers, w_U (1 − σ(β (z − Δ))) of the others.
 * `bco` (Jung et al. 2024, arXiv 2404.04656): the cross-entropy −log σ(±(r − δ)) of a classifier whose logit is the shifted reward r − δ =
 * β (Δ − z), without weights.
 * `apo_zero_unpaired` (D'Oosterlinck et al. 2024, arXiv 2408.06266) has z = 0 and no weights.
 */
export function ktoLosses(
  { delta, desirable, kl }: KtoBatch,
  { beta, lossType, desirableWeight, undesirableWeight }: Omit<KtoConfig["kto"], keyof MovingReference>,
): tf.Tensor1D {
  const sign = desirable.mul(2).sub(1); // [B], +1 or −1
  if (lossType === "apo_zero_unpaired") return tf.scalar(1).sub(delta.mul(beta).mul(sign).sigmoid());
  if (lossType === "bco") return delta.sub<tf.Tensor1D>(kl).mul<tf.Tensor1D>(-beta).mul<tf.Tensor1D>(sign).softplus();
  const weight = desirable.mul(desirableWeight - undesirableWeight).add(undesirableWeight); // [B]
  return weight.mul(tf.scalar(1).sub(delta.sub(kl).mul(beta).mul(sign).sigmoid()));
}

/** z of a batch: the mean log π/π_ref of answers to other prompts, clamped at 0. [B] → nats */
export const referencePoint = (mismatched: number[]): number =>
  Math.max(0, mismatched.reduce((sum, x) => sum + x, 0) / mismatched.length);
