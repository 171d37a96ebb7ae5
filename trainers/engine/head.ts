// Log-probabilities of given labels in one pass over the vocabulary: nothing of size tokens × vocabulary outlives its chunk.
// Beside log p(y) the forward keeps one row a token, W[y] − Σ_v p(v) W[v], which is its gradient up to the incoming scalar.
import { fused } from "./ops";
import { tf } from "./tensorflow";

const chunk = 256;

/** log p(labels) under softmax(hidden · headᵀ), head frozen. hidden [N, d], head [V, d], labels [N] int32 → [N], in nats. */
export function labelLogProbs(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  if (head instanceof tf.Variable) return labelLogProbsOnTape(hidden, head, labels);
  return fused<tf.Tensor1D>(
    [hidden],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const h = hidden!.slice([start, 0], [size, -1]) as tf.Tensor2D; // [C, d]
          const own = tf.gather(head, labels.slice(start, size)); // [C, d]
          const scores = tf.matMul(h, head, false, true); // [C, V]
          const value = h.mul(own).sum(-1).sub(tf.logSumExp(scores, -1)) as tf.Tensor1D; // [C]
          return { value, row: own.sub(tf.matMul(tf.softmax(scores), head)) as tf.Tensor2D };
        }),
      );
      return {
        value: tf.concat1d(parts.map((p) => p.value)),
        saved: [
          tf.concat2d(
            parts.map((p) => p.row),
            0,
          ),
        ],
      };
    },
    (dy, _, [row]) => [row!.mul(dy.expandDims(1))],
  );
}

/** The same on the plain tape, which also gives the head's gradient: for training every weight, where V is small. */
export function labelLogProbsOnTape(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const logProbs = tf.logSoftmax(tf.matMul(hidden, head, false, true)); // [N, V]
  return logProbs.mul(tf.oneHot(labels, head.shape[0])).sum(-1); // [N]
}

/** Exact KL(policy ‖ reference) of each position over the whole vocabulary, in nats. Both hidden [N, d], head [V, d] → [N]. */
export function positionKl(policy: tf.Tensor2D, reference: tf.Tensor2D, head: tf.Tensor2D): tf.Tensor1D {
  const parts = chunks(policy.shape[0]).map(([start, size]) =>
    tf.tidy(() => {
      const logProbs = (hidden: tf.Tensor2D) =>
        tf.logSoftmax(tf.matMul(hidden.slice([start, 0], [size, -1]), head, false, true)); // [C, V]
      const p = logProbs(policy);
      return p
        .exp()
        .mul(p.sub(logProbs(reference)))
        .sum(-1) as tf.Tensor1D; // [C]
    }),
  );
  return tf.concat1d(parts);
}

function chunks(rows: number): [start: number, size: number][] {
  return Array.from({ length: Math.ceil(rows / chunk) }, (_, i) => [i * chunk, Math.min(chunk, rows - i * chunk)]);
}
