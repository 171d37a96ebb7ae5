// What is done to gradients before an update, so that one bad batch does not spoil the optimiser's means.
import type { OptimizerConfig } from "../../../spec/fields/optimizer";
import type { Gradients, Variables } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";

type Clipped = {
  /** Of all gradients together, before the clip. */
  norm: tf.Tensor;
  gradients: Gradients;
  /** Next values of the slots that clipping keeps, by `threshold/NAME`. */
  slots: Gradients;
};

const lengthOf = (gradient: tf.Tensor): tf.Tensor => gradient.square().sum().sqrt();

/** Within a global norm, as torch.nn.utils.clip_grad_norm_ does it. */
export function clipGlobally({ maxGradNorm }: OptimizerConfig, gradients: Gradients): Omit<Clipped, "slots"> {
  const norm = tf.addN(Object.values(gradients).map((gradient) => gradient.square().sum())).sqrt(); // √Σ g² over all together
  if (!maxGradNorm) return { norm, gradients };
  const share = tf.scalar(maxGradNorm).div(norm.add(1e-6)).minimum(1);
  const clipped = Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(share)]);
  return { norm, gradients: Object.fromEntries(clipped) };
}

const [relative, beta, smallest] = [1.05, 0.98, 1e-8];

/**
 * AdaGC (Wang et al. 2025, arXiv 2502.11034, algorithm 1): each tensor by itself, within λ_rel times the mean γ of the norms it has had.
 * During the first `clipWarmup` updates (`warm` is 1) all of them together within the global norm, while γ is the least norm seen.
 * LoRA's A has no gradient at first: a norm of 0 is not counted, or it would never get another.
 */
export function clipEach(
  config: OptimizerConfig,
  { gradients: raw, slots, warm }: { gradients: Gradients; slots: Variables; warm: tf.Scalar },
): Clipped {
  const globally = clipGlobally(config, raw);
  const [gradients, next]: [Gradients, Gradients] = [{}, {}];
  for (const [name, gradient] of Object.entries(raw)) {
    const threshold = slots.get(`threshold/${name}`)!; // γ, 0 before the first norm
    const isFirst = threshold.equal(0);
    const local = threshold.mul(relative).div(lengthOf(gradient).maximum(smallest)).minimum(1); // h = min(λ_rel γ / ‖g‖, 1)
    const each = gradient.mul(tf.where(isFirst, tf.onesLike(local), local));
    gradients[name] = tf.where(warm.greater(0), globally.gradients[name]!, each); // ĝ
    const length = lengthOf(gradients[name]);
    const least = tf.where(length.equal(0), threshold, threshold.minimum(length)); // γ ← min(γ, ‖ĝ‖)
    const mean = threshold.mul(beta).add(length.mul(1 - beta)); // γ ← β γ + (1 − β) ‖ĝ‖
    next[`threshold/${name}`] = tf.where(isFirst, length, tf.where(warm.greater(0), least, mean));
  }
  return { norm: globally.norm, gradients, slots: next };
}
