// The output head: logits of hidden states, and what is asked of the whole vocabulary a chunk of tokens at a time.
import { roundedRows } from "./int8/codes";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** Rows of the largest chunk. */
const chunkSize = 256;

/** How logits follow from hidden states: h Wᵀ / divisor, and with a soft cap c (Gemma 2) c · tanh(logit / c). */
export interface Head {
  weight: tf.Tensor2D; // [V, d]
  /** In which the op of native/ multiplies; float32 where it is absent. */
  dtype?: "float32" | "bfloat16" | undefined;
  divisor?: number | undefined;
  softCap?: number | undefined;
  /** Whether it is held in 8 bits, whose products round what they read as well. */
  roundsInput?: boolean;
}

/** hidden [N, d] → [N, V] */
export const logitsOf = (hidden: tf.Tensor2D, head: Head): tf.Tensor2D =>
  capped(tf.matMul(headInput(hidden, head), head.weight, false, true), head);

/** The same of the few rows of sampling, by W hᵀ: for h Wᵀ of two rows and more TensorFlow turns W first, which takes twenty times as long as the product. */
export const fewLogitsOf = (hidden: tf.Tensor2D, head: Head): tf.Tensor2D =>
  capped(tf.transpose(tf.matMul(head.weight, headInput(hidden, head), false, true)), head);

const capped = (logits: tf.Tensor2D, { softCap }: Head): tf.Tensor2D =>
  softCap ? logits.div(softCap).tanh().mul(softCap) : logits;

/** What the matrix is multiplied with. */
export function headInput(hidden: tf.Tensor2D, { divisor, roundsInput }: Head): tf.Tensor2D {
  const input: tf.Tensor2D = divisor ? hidden.div(divisor) : hidden;
  return roundsInput ? roundedRows(input) : input;
}

/** Exact KL(policy ‖ reference) of each position over the whole vocabulary, in nats. Both hidden [N, d] → [N]. `other`: the reference's head, where it has its own. */
export function positionKl(policy: tf.Tensor2D, reference: tf.Tensor2D, head: Head, other = head): tf.Tensor1D {
  const parts = chunks(policy.shape[0]).map(([start, size]) =>
    tf.tidy(() => {
      const logProbs = (hidden: tf.Tensor2D, by: Head) => tf.logSoftmax(logitsOf(rows(hidden, start, size), by)); // [C, V]
      const p = logProbs(policy, head);
      return p
        .exp()
        .mul(p.sub(logProbs(reference, other)))
        .sum(-1) as tf.Tensor1D; // [C]
    }),
  );
  return tf.concat1d(parts);
}

/** log Σ_v p(v)² at each position, without a gradient. states [N, d] → [N] */
export function logSquares(states: tf.Tensor2D, head: Head): tf.Tensor1D {
  return fused<tf.Tensor1D>(
    [headInput(states, head)],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        softmax(rows(hidden!, start, size), head.weight, head.softCap)
          .p.square()
          .sum<tf.Tensor1D>(-1)
          .log(),
      );
      return { value: tf.concat1d(parts), saved: [] };
    },
    (_, [hidden]) => [tf.zerosLike(hidden!)],
  );
}

export interface Softmax {
  scores: tf.Tensor2D; // [C, V]
  p: tf.Tensor2D; // [C, V]
  logSum: tf.Tensor1D; // [C]
  /** How far capped scores follow their products; null where nothing is capped. */
  slope: tf.Tensor2D | null; // [C, V]
}

/** p = softmax(h headᵀ) and log Σ exp, by which p's largest entry falls short of 1: it is at least 1/V. */
export function softmax(h: tf.Tensor, head: tf.Tensor2D, softCap?: number): Softmax {
  const products: tf.Tensor2D = tf.matMul(h as tf.Tensor2D, head, false, true); // [C, V]
  const bounded = softCap ? products.div(softCap).tanh() : null; // −1 … 1
  const scores: tf.Tensor2D = bounded ? bounded.mul(softCap!) : products;
  const slope: tf.Tensor2D | null = bounded?.square().neg().add<tf.Tensor2D>(1) ?? null;
  const p = tf.softmax(scores as tf.Tensor) as tf.Tensor2D;
  return { scores, p, logSum: scores.max(-1).sub<tf.Tensor1D>(p.max(-1).log()), slope };
}

export const rows = (x: tf.Tensor, start: number, size: number) => x.slice([start, 0], [size, -1]) as tf.Tensor2D;

/** Chunks of like size: at least four, or else a power of two, so that batches of most lengths are computed by one graph. */
export function chunks(count: number): [start: number, size: number][] {
  const parts = Math.max(4, 2 ** Math.ceil(Math.log2(count / chunkSize)));
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.floor((i * count) / parts));
  return bounds.slice(0, -1).flatMap((start, i) => (bounds[i + 1]! > start ? [[start, bounds[i + 1]! - start]] : []));
}
