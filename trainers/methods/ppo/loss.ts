// Proximal Policy Optimization (Schulman et al. 2017, arXiv 1707.06347): clipped losses of policy and values over sampled tokens.
import { tf } from "../../engine/tensorflow";

/** What was true of an answer's tokens when it was sampled. All [B, C]; no meaning where the masks are 0. */
export type Sampled = {
  logProbs: tf.Tensor2D;
  advantages: tf.Tensor2D;
  values: tf.Tensor2D;
  returns: tf.Tensor2D;
};

export interface PolicyOptions {
  clip: number;
  /** No loss of a token with a negative advantage exceeds this times it. */
  dualClip: number | null;
  /** Log-ratios are cut to ±this, so that no exp overflows. */
  logRatioClamp: number;
}

/** Of each action: tokens [B, C], or whole answers [B]. */
export interface PolicyLoss {
  losses: tf.Tensor;
  /** π/π_old. */
  ratio: tf.Tensor;
  /** 1 where the clip holds the loss back. */
  clipped: tf.Tensor;
  /** ½ (log π/π_old)². */
  squaredLogRatio: tf.Tensor;
}

/** Equation 7 of each action: max(−r A, −clip(r, 1 ± ε) A); with dual clip at most −c A where A < 0 (Ye et al. 2020, arXiv 1912.09729, equation 5). */
export function policyLoss(
  logProbs: tf.Tensor,
  { logProbs: old, advantages }: { logProbs: tf.Tensor; advantages: tf.Tensor },
  { clip, dualClip, logRatioClamp }: PolicyOptions,
): PolicyLoss {
  const logRatio = logProbs.sub(old).clipByValue(-logRatioClamp, logRatioClamp);
  const ratio = logRatio.exp();
  const free = ratio.mul(advantages).neg();
  const held = ratio
    .clipByValue(1 - clip, 1 + clip)
    .mul(advantages)
    .neg();
  const worse = free.maximum(held);
  const bounded = dualClip === null ? worse : worse.minimum(advantages.mul(-dualClip));
  const losses = dualClip === null ? worse : tf.where(advantages.less(0), bounded, worse);
  return { losses, ratio, clipped: held.greater(free).toFloat(), squaredLogRatio: logRatio.square().mul(0.5) };
}

/** ½ max((v − R)², (v_old + clip(v − v_old, ±ε) − R)²) of each token, and 1 where the clip decides. → 2 × [B, C] */
export function valueLoss(
  values: tf.Tensor2D,
  { values: old, returns }: Sampled,
  { valueClip }: { valueClip: number },
): { losses: tf.Tensor; clipped: tf.Tensor } {
  const held = old.add(values.sub(old).clipByValue(-valueClip, valueClip));
  const [free, clipped] = [values.sub(returns).square(), held.sub(returns).square()];
  return { losses: free.maximum(clipped).mul(0.5), clipped: clipped.greater(free).toFloat() };
}

/** KL(π ‖ π_ref) of each token as a term of the loss, by the estimator k2 or k3 (Schulman 2020). [B, C] each */
export function klTerm(logProbs: tf.Tensor, reference: tf.Tensor, estimator: string): tf.Tensor {
  const away = reference.sub(logProbs);
  return estimator === "k2" ? away.square().div(2) : away.exp().sub(away).sub(1);
}
