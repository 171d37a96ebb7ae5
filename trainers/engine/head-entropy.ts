// Entropy of the head's distribution in chunks of tokens: nothing of size tokens × vocabulary outlives its chunk.
import { barrier } from "./custom";
import { chunks, type Head, headInput, rows, softmax } from "./head";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/**
 * Entropy of softmax of the logits at each position, in nats, with its gradient to the states, −Σ_v p(v) (log p(v) + H) W[v], and to the head
 * where it is trained. states [N, d] → [N]
 */
export function positionEntropy(states: tf.Tensor2D, head: Head): tf.Tensor1D {
  if (head.weight instanceof tf.Variable) return entropyOfTrainedHead(states, head);
  return fused<tf.Tensor1D>(
    [headInput(states, head)],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const { value, toProducts } = entropyOf(rows(hidden!, start, size), head.weight, head.softCap);
          return { value, row: tf.matMul(toProducts, head.weight) }; // [C, d]
        }),
      );
      return { value: tf.concat1d(parts.map((part) => part.value)), saved: [tf.concat(parts.map((part) => part.row))] };
    },
    (dy, _, [row]) => [row!.mul(dy.expandDims(1))],
  );
}

/** The same with the head's gradient, dW = Σ dH/dz h, for which the probabilities are computed once more. */
function entropyOfTrainedHead(states: tf.Tensor2D, head: Head): tf.Tensor1D {
  return fused<tf.Tensor1D>(
    [headInput(states, head), head.weight],
    (hidden, weight) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => entropyOf(rows(hidden!, start, size), weight as tf.Tensor2D, head.softCap).value),
      );
      return { value: tf.concat1d(parts), saved: [] };
    },
    (dy, [hidden, weight]) => {
      const again = barrier(hidden!, dy);
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) => {
        const h = rows(again, start, size);
        const { toProducts } = entropyOf(h, weight as tf.Tensor2D, head.softCap);
        const g = toProducts.mul<tf.Tensor2D>(dy.slice(start, size).expandDims(1)); // [C, V]
        return { hidden: tf.matMul(g, weight as tf.Tensor2D), head: tf.matMul(g, h, true) }; // [C, d], [V, d]
      });
      return [tf.concat(parts.map((part) => part.hidden)), tf.addN(parts.map((part) => part.head))];
    },
  );
}

/** H of each row, and its gradient to the products z = h headᵀ: −p (log p + H), under a soft cap times the cap's slope. h [C, d] → [C], [C, V] */
function entropyOf(h: tf.Tensor2D, weight: tf.Tensor2D, softCap?: number) {
  const { scores, p, logSum, slope } = softmax(h, weight, softCap);
  const logP = scores.sub(logSum.expandDims(1)); // [C, V]
  const value = p.mul(logP).sum<tf.Tensor1D>(-1).neg<tf.Tensor1D>(); // [C]
  const toScores = p.mul<tf.Tensor2D>(logP.add(value.expandDims(1))).neg<tf.Tensor2D>(); // [C, V]
  return { value, toProducts: slope ? toScores.mul<tf.Tensor2D>(slope) : toScores };
}
