// Process reward models: each step of a solution is right or wrong (Uesato et al. 2022, arXiv 2211.14275; Lightman et al. 2023, arXiv 2305.20050).
import { tf } from "../../engine/tensorflow";

/** −y log σ(z) − (1 − y) log(1 − σ(z)), which is TRL's cross-entropy over two labels whose logits differ by z. Both [B, C] → [B, C] */
export const stepLosses = (logits: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor2D =>
  tf.softplus(logits).sub(logits.mul(right));
