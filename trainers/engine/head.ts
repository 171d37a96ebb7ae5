// Log-probabilities of given labels in one pass over the vocabulary: nothing of size tokens × vocabulary outlives its chunk.
// Beside log p(y) the forward keeps one row a token, W[y] − Σ_v p(v) W[v], which is its gradient up to the incoming scalar.
import { barrier } from "./custom";
import { fused } from "./ops";
import { tf } from "./tensorflow";

const chunk = 256;

/** log p(labels) under softmax(hidden · headᵀ). hidden [N, d], head [V, d], labels [N] int32 → [N], in nats. */
export function labelLogProbs(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  if (head instanceof tf.Variable) return labelLogProbsOfTrainedHead(hidden, head, labels);
  return fused<tf.Tensor1D>(
    [hidden],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const h = rows(hidden!, start, size); // [C, d]
          const own = tf.gather(head, labels.slice(start, size)); // [C, d]
          const { p, logSum } = softmax(h, head);
          return { value: h.mul(own).sum<tf.Tensor1D>(-1).sub<tf.Tensor1D>(logSum), row: own.sub(tf.matMul(p, head)) };
        }),
      );
      return { value: tf.concat1d(parts.map((p) => p.value)), saved: [tf.concat(parts.map((p) => p.row))] };
    },
    (dy, _, [row]) => [row!.mul(dy.expandDims(1))],
  );
}

/** The same with the head's gradient, which needs the probabilities once more: dW = Σ (1[y] − p) dy h. */
function labelLogProbsOfTrainedHead(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const V = head.shape[0];
  return fused<tf.Tensor1D>(
    [hidden, head],
    (hidden, head) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const h = rows(hidden!, start, size); // [C, d]
          const own = tf.gather(head!, labels.slice(start, size)); // [C, d]
          return h
            .mul(own)
            .sum(-1)
            .sub<tf.Tensor1D>(softmax(h, head as tf.Tensor2D).logSum);
        }),
      );
      return { value: tf.concat1d(parts), saved: [labels] };
    },
    (dy, [hidden, head], [labels]) => {
      const again = barrier(hidden!, dy);
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) => {
        const h = rows(again, start, size);
        const g = dy.slice(start, size).expandDims(1); // [C, 1]
        const y = labels!.slice(start, size) as tf.Tensor1D;
        const gp = softmax(h, head as tf.Tensor2D).p.mul(g); // [C, V]
        return {
          hidden: tf.gather(head!, y).mul(g).sub(tf.matMul(gp, head!)), // [C, d]
          head: tf.unsortedSegmentSum(h.mul(g), y, V).sub(tf.matMul(gp, h, true)), // [V, d]
        };
      });
      return [tf.concat(parts.map((p) => p.hidden)), tf.addN(parts.map((p) => p.head))];
    },
  );
}

/** Exact KL(policy ‖ reference) of each position over the whole vocabulary, in nats. Both hidden [N, d], head [V, d] → [N]. */
export function positionKl(policy: tf.Tensor2D, reference: tf.Tensor2D, head: tf.Tensor2D): tf.Tensor1D {
  const parts = chunks(policy.shape[0]).map(([start, size]) =>
    tf.tidy(() => {
      const logProbs = (hidden: tf.Tensor2D) => tf.logSoftmax(tf.matMul(rows(hidden, start, size), head, false, true)); // [C, V]
      const p = logProbs(policy);
      return p
        .exp()
        .mul(p.sub(logProbs(reference)))
        .sum(-1) as tf.Tensor1D; // [C]
    }),
  );
  return tf.concat1d(parts);
}

/** p = softmax(h headᵀ) [C, V] and log Σ exp [C], by which p's largest entry falls short of 1: it is at least 1/V. */
function softmax(h: tf.Tensor, head: tf.Tensor2D): { p: tf.Tensor2D; logSum: tf.Tensor1D } {
  const scores = tf.matMul(h as tf.Tensor2D, head, false, true); // [C, V]
  const p = tf.softmax(scores as tf.Tensor) as tf.Tensor2D;
  return { p, logSum: scores.max(-1).sub(p.max(-1).log()) };
}

const rows = (x: tf.Tensor, start: number, size: number) => x.slice([start, 0], [size, -1]);

function chunks(count: number): [start: number, size: number][] {
  return Array.from({ length: Math.ceil(count / chunk) }, (_, i) => [i * chunk, Math.min(chunk, count - i * chunk)]);
}
