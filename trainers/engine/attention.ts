// Grouped-query attention: the H/G query heads that share a key head are stacked as rows, so keys are never copied.
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** softmax(q kᵀ / √D + bias) v. q [B, H, T, D], k and v [B, G, S, D], bias [B or 1, 1, T, S] → [B, H, T, D]. */
export function attention(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, bias: tf.Tensor4D): tf.Tensor4D {
  const [B, H, T, D] = q.shape;
  const [, G, S] = k.shape;
  const scale = 1 / Math.sqrt(D);
  const grouped = [B, G, (H / G) * T, D] as [number, number, number, number];
  const probabilities = (q: tf.Tensor, k: tf.Tensor) => {
    const scores = tf.matMul(q.reshape(grouped), k, false, true).mul(scale).reshape([B, H, T, S]).add(bias); // [B, H, T, S]
    return tf.softmax(scores).reshape([B, G, (H / G) * T, S]); // [B, G, H/G·T, S]
  };
  return fused<tf.Tensor4D>(
    [q, k, v],
    (q, k, v) => {
      const p = probabilities(q!, k!);
      return { value: tf.matMul(p, v!).reshape([B, H, T, D]) as tf.Tensor4D, saved: [p] };
    },
    (dy, [q, k, v], [p]) => {
      const g = dy.reshape(grouped);
      const dp = tf.matMul(g, v!, false, true); // [B, G, H/G·T, S]
      const weighted = p!.mul(dp);
      const ds = weighted.sub(p!.mul(weighted.sum(-1, true))).mul(scale);
      return [
        tf.matMul(ds, k!).reshape([B, H, T, D]),
        tf.matMul(ds, q!.reshape(grouped), true, false),
        tf.matMul(p!, g, true, false),
      ];
    },
  );
}
