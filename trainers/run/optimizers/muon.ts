// Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon): the momentum of a matrix, made orthogonal, times 0.2 √(longer side), so that AdamW's
// learning rates suit it (Liu et al. 2025, arXiv 2502.16982, equation 4). As torch.optim.Muon with `match_rms_adamw`, but that the iteration
// is in float32. Only hidden matrices; what else is trained goes by AdamW.
import { tf } from "../../engine/tensorflow";
import type { Rule } from "./rule";

const momentum = 0.95;
const [a, b, c] = [3.4445, -4.775, 2.0315];
const iterations = 5;

/** LoRA's matrices too, but not an embedding, an output head or a score head. */
export const isHidden = (name: string, { rank }: tf.Tensor): boolean =>
  rank === 2 && !/(embed\w*|embed_(in|out)|wte|wpe|lm_head|score)(\.weight)?$/.test(name);

/** Newton–Schulz: singular values go towards 1, X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X. */
function orthogonal(matrix: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  let x = rows > columns ? matrix.transpose<tf.Tensor2D>() : matrix;
  x = x.div(x.square().sum().sqrt().maximum(1e-7)); // Frobenius norm 1, so no singular value is larger
  for (let i = 0; i < iterations; i++) {
    const gram = tf.matMul(x, x, false, true);
    const polynomial = gram.mul(b).add(tf.matMul(gram, gram).mul(c));
    x = x.mul(a).add(tf.matMul(polynomial as tf.Tensor2D, x));
  }
  return rows > columns ? x.transpose<tf.Tensor2D>() : x;
}

export const muon: Rule<"momentum", "rate" | "decay"> = {
  start: (variable) => ({ momentum: tf.zerosLike(variable) }),
  scalars: ({ weightDecay }, _, learningRate) => ({ rate: learningRate, decay: 1 - learningRate * weightDecay }),
  update({ variable, gradient, slots, scalars: { rate, decay } }) {
    const kept = slots.momentum.mul(momentum).add(gradient.mul(1 - momentum)); // B ← μ B + (1 − μ) G
    const nesterov = kept.mul(momentum).add(gradient.mul(1 - momentum));
    const scale = 0.2 * Math.sqrt(Math.max(...variable.shape));
    const step = orthogonal(nesterov as tf.Tensor2D).mul(scale);
    return { variable: variable.mul(decay).sub(step.mul(rate)), slots: { momentum: kept } };
  },
};
