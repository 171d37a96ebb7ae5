// ALiBi (Press et al. 2022, arXiv 2108.12409): attention's scores fall with a key's distance, in each head at a slope of its own. What is added to
// a score, slope · position of the key, differs from slope · −distance by a number that is the same for all keys of a query, which softmax
// does not see. It is one more dimension of queries (the slope) and keys (the position), so that attention and its cache know nothing of it.
import { tf } from "../../engine/tensorflow";
import type { Sequence } from "../model";

/** Of H heads: 2^(−8/H), 2^(−16/H), …; for a number that is no power of two those of the one below, then every other one of the one above. */
export function alibiSlopes(H: number): number[] {
  const below = 2 ** Math.floor(Math.log2(H));
  const slope = (heads: number, i: number) => 2 ** ((-8 * (i + 1)) / heads);
  return Array.from({ length: H }, (_, i) => (i < below ? slope(below, i) : slope(2 * below, 2 * (i - below))));
}

/** Queries and keys with that dimension: [B, H, T, D] → [B, H, T, D + 1] */
export function alibi({ positions }: Sequence): (q: tf.Tensor4D, k: tf.Tensor4D) => [tf.Tensor4D, tf.Tensor4D] {
  const [B, T] = positions.shape;
  const places = positions.toFloat().reshape([B, 1, T, 1]);
  return (q, k) => {
    const H = q.shape[1];
    const slopes = tf.tile(tf.tensor4d(alibiSlopes(H), [1, H, 1, 1]), [B, 1, T, 1]);
    return [tf.concat4d([q, slopes], 3), tf.concat4d([k, tf.tile(places, [1, H, 1, 1]) as tf.Tensor4D], 3)];
  };
}
