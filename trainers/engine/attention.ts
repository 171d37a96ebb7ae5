// Grouped-query attention: the H/G query heads that share a key head are stacked as rows, so keys are never copied.
// The probabilities, the largest array of a layer, may be computed again in the backward pass instead of kept (as FlashAttention does,
// Dao et al. 2022, arXiv 2205.14135).
import { barrier } from "./custom";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** A query at i sees a key at j where 0 ≤ i − j < window. */
export interface Sight {
  queries: tf.Tensor2D; // [B or 1, T] int32
  keys: tf.Tensor2D; // [B or 1, S] int32
  /** Null: as far as the row goes. */
  window: number | null;
}

/** 0 where a query sees a key, −1e9 where not. → [B or 1, 1, T, S] */
export function biasOf({ queries, keys, window }: Sight): tf.Tensor4D {
  const distance = queries.expandDims(2).sub(keys.expandDims(1)); // [B or 1, T, S]
  const later = distance.less(0);
  const hidden = window === null ? later : later.logicalOr(distance.greaterEqual(window));
  return hidden.toFloat().mul(-1e9).expandDims<tf.Tensor4D>(1);
}

interface Options {
  /** Otherwise the backward pass computes them again. */
  keepProbabilities?: boolean;
  /** c, where scores s are c · tanh(s / c) (Gemma 2). */
  softCap?: number | undefined;
}

/** softmax(q kᵀ + bias) v; the scores' scale is in q and k already (models/parts/rotary.ts). q [B, H, T, D], k [B, G, S, D], v [B, G, S, E], bias [B or 1, 1, T, S] → [B, H, T, E]. */
export function attention(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  v: tf.Tensor4D,
  bias: tf.Tensor4D,
  { keepProbabilities = false, softCap }: Options = {},
): tf.Tensor4D {
  const [B, H, T, D] = q.shape;
  const [, G, S] = k.shape;
  const grouped = (x: tf.Tensor) => x.reshape<tf.Tensor4D>([B, G, (H / G) * T, x.shape.at(-1)!]); // [B, G, H/G·T, D]
  const bounded = (scores: tf.Tensor) => (softCap ? scores.div(softCap).tanh().mul(softCap) : scores);
  const scores = (q: tf.Tensor, k: tf.Tensor) => tf.matMul(q, k, false, true); // [B, G, H/G·T, S]
  const probabilities = (q: tf.Tensor, k: tf.Tensor, bias: tf.Tensor) =>
    grouped(tf.softmax(bounded(scores(q, k)).reshape([B, H, T, S]).add(bias))); // [B, G, H/G·T, S]
  return fused<tf.Tensor4D>(
    [q, k, v],
    (q, k, v) => {
      const p = probabilities(grouped(q!), k!, bias);
      const value = tf.matMul(p, v!).reshape<tf.Tensor4D>([B, H, T, v!.shape[3]!]);
      return { value, saved: [keepProbabilities ? p : bias] };
    },
    (dy, [q, k, v], [kept]) => {
      const g = grouped(dy);
      const again = grouped(keepProbabilities ? q! : barrier(q!, dy));
      const p = keepProbabilities ? (kept as tf.Tensor4D) : probabilities(again, k!, kept!);
      const weighted = p.mul(tf.matMul(g, v!, false, true)); // [B, G, H/G·T, S]
      const toBounded = weighted.sub(p.mul(weighted.sum(-1, true)));
      const ds = softCap ? toBounded.mul(tanhSlope(scores(again, k!).div(softCap))) : toBounded;
      return [tf.matMul(ds, k!).reshape([B, H, T, D]), tf.matMul(ds, again, true, false), tf.matMul(p, g, true, false)];
    },
  );
}

/** 1 − tanh²(x) */
const tanhSlope = (x: tf.Tensor) => x.tanh().square().neg().add(1);
