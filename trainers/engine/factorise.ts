// Factors of a matrix by TensorFlow's own ops: tfjs has no singular values, and its QR is written in JavaScript.

import { normalOf } from "../../common/random";
import { type Attribute, FLOAT, nodeBackend } from "./binding";
import { tf } from "./tensorflow";

/** W = U diag(s) Vᵀ with the singular values s from the largest. [m, n] → U [m, k], s [k], V [n, k], k = min(m, n) */
export function singularValues(w: tf.Tensor2D): { u: tf.Tensor2D; s: tf.Tensor1D; v: tf.Tensor2D } {
  const [s, u, v] = factors("Svd", [flag("compute_uv", true)], w, 3);
  return { u: u as tf.Tensor2D, s: s as tf.Tensor1D, v: v as tf.Tensor2D };
}

/** W = Q R with orthonormal columns in Q. [m, n] → Q [m, k], R [k, n], k = min(m, n) */
export function orthogonal(w: tf.Tensor2D): { q: tf.Tensor2D; r: tf.Tensor2D } {
  const [q, r] = factors("Qr", [], w, 2);
  return { q: q as tf.Tensor2D, r: r as tf.Tensor2D };
}

/**
 * About the first `count` singular values, by a random projection and `iterations` of the subspace that it spans: Halko, Martinsson and Tropp
 * 2011 (arXiv 0909.4061), algorithms 4.4 and 5.1, over the longer side as torch.svd_lowrank does.
 */
export function leadingSingularValues(
  w: tf.Tensor2D, // [m, n]
  { count, iterations, random }: { count: number; iterations: number; random: () => number },
): ReturnType<typeof singularValues> {
  if (w.shape[0] < w.shape[1]) {
    const { u, s, v } = leadingSingularValues(tf.transpose(w), { count, iterations, random });
    return { u: v, s, v: u };
  }
  const columns = w.shape[1];
  const drawn = Float32Array.from({ length: columns * count }, normalOf(random));
  let { q } = orthogonal(tf.matMul(w, tf.tensor2d(drawn, [columns, count]))); // [m, count]
  for (let i = 0; i < iterations; i++) {
    const back = orthogonal(tf.matMul(w, q, true)).q; // [n, count]
    q = orthogonal(tf.matMul(w, back)).q;
  }
  const { u, s, v } = singularValues(tf.matMul(q, w, true)); // of Qᵀ W [count, n]
  return { u: tf.matMul(q, u), s, v };
}

const flag = (name: string, value: boolean): Attribute => ({
  name,
  type: nodeBackend().binding.TF_ATTR_BOOL,
  value,
});

function factors(op: string, attributes: Attribute[], w: tf.Tensor2D, outputs: number): tf.Tensor[] {
  const backend = nodeBackend();
  const type = { name: "T", type: backend.binding.TF_ATTR_TYPE, value: FLOAT };
  const all = [type, flag("full_matrices", false), ...attributes];
  return backend.binding
    .executeOp(op, all, backend.getInputTensorIds([w]), outputs)
    .map((made) => backend.createOutputTensor(made));
}
