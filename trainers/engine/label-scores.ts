// Log-probabilities of given labels in one pass over the vocabulary: nothing of size tokens × vocabulary outlives its chunk.
// Beside log p(y) the forward keeps one row a token, W[y] − Σ_v p(v) W[v], which is its gradient up to the incoming scalar.
import { barrier } from "./custom";
import { chunks, type Head, headInput, rows, type Softmax, softmax } from "./head";
import { native, nativeOp } from "./native";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** What the head says of each label, in nats; only `logProbs` has a gradient. */
export interface LabelScores {
  /** log p(label). */
  logProbs: tf.Tensor1D; // [N]
  /** −Σ_v p(v) log p(v). */
  entropy: tf.Tensor1D; // [N]
  /** 1 where the label is the likeliest token. */
  top1: tf.Tensor1D; // [N]
  /** Mean of the scores before softmax. */
  meanLogit: tf.Tensor1D; // [N]
}

/** Scores of `labels` under softmax of the logits. states [N, d], labels [N] int32. */
export function labelScores(states: tf.Tensor2D, head: Head, labels: tf.Tensor1D): LabelScores {
  const table = tableOf(headInput(states, head), head, labels);
  const column = (i: number) => table.slice([0, i], [-1, 1]).reshape<tf.Tensor1D>([-1]);
  return { logProbs: column(0), entropy: column(1), top1: column(2), meanLogit: column(3) };
}

/** LabelScores as columns. → [N, 4] */
function tableOf(hidden: tf.Tensor2D, { weight, softCap, dtype = "float32" }: Head, labels: tf.Tensor1D): tf.Tensor2D {
  if (softCap) return scoresUnderCap(hidden, weight, labels, softCap);
  if (native()) return nativeScores(hidden, weight, labels, dtype);
  return weight instanceof tf.Variable ? scoresOfTrainedHead(hidden, weight, labels) : scores(hidden, weight, labels);
}

const nativeHead = nativeOp<{ dtype: "float32" | "bfloat16" }>("WorkbenchHead", ({ dtype }, [hidden]) => ({
  attributes: { narrow: { int: dtype === "bfloat16" ? 1 : 0 } },
  outputs: [
    { name: "scores", shape: [hidden![0]!, 4], dtype: "float32" },
    { name: "rows", shape: hidden!, dtype: "float32" },
  ],
}));

/**
 * The same as one op of native/head.h, with the head's gradient where it is trained. The bits are the same in both: so a policy whose head is trained says at
 * the start what its frozen copy, the reference, says.
 */
function nativeScores(
  hidden: tf.Tensor2D,
  weight: tf.Tensor2D,
  labels: tf.Tensor1D,
  dtype: "float32" | "bfloat16",
): tf.Tensor2D {
  const isTrained = weight instanceof tf.Variable;
  return fused<tf.Tensor2D>(
    isTrained ? [hidden, weight] : [hidden],
    (hidden, head = weight) => {
      const [value, row] = nativeHead([hidden!, head, labels], { dtype });
      return { value: value as tf.Tensor2D, saved: isTrained ? [row!, labels] : [row!] };
    },
    (dy, [hidden, head], [row, labels]) => {
      const toHidden = row!.mul(dy.slice([0, 0], [-1, 1]));
      if (!isTrained) return [toHidden];
      const again = barrier(hidden!, dy) as tf.Tensor2D;
      const parts = chunks(hidden!.shape[0]!).map(
        (chunk) => headGradient(again, head as tf.Tensor2D, labels as tf.Tensor1D, dy as tf.Tensor2D, chunk).head,
      );
      return [toHidden, tf.addN(parts)];
    },
  );
}

function scores(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  return fused<tf.Tensor2D>(
    [hidden],
    (hidden) => {
      const meanRow = head.mean<tf.Tensor1D>(0); // [d]
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const h = rows(hidden!, start, size); // [C, d]
          const y = labels.slice(start, size);
          const own = tf.gather(head, y); // [C, d]
          const chunk = softmax(h, head);
          const expected = tf.matMul(chunk.p, head); // [C, d], Σ_v p(v) W[v]
          const entropy = chunk.logSum.sub(h.mul(expected).sum(-1));
          return { value: table(h, own, y, chunk, entropy, meanRow), row: own.sub(expected) };
        }),
      );
      return {
        value: tf.concat2d(
          parts.map((p) => p.value),
          0,
        ),
        saved: [tf.concat(parts.map((p) => p.row))],
      };
    },
    (dy, _, [row]) => [row!.mul(dy.slice([0, 0], [-1, 1]))],
  );
}

/** The same with the head's gradient, which needs the probabilities once more. */
function scoresOfTrainedHead(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  return fused<tf.Tensor2D>(
    [hidden, head],
    (hidden, head) => {
      const meanRow = head!.mean<tf.Tensor1D>(0); // [d]
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const h = rows(hidden!, start, size); // [C, d]
          const y = labels.slice(start, size);
          const own = tf.gather(head!, y); // [C, d]
          const chunk = softmax(h, head as tf.Tensor2D);
          const entropy = chunk.logSum.sub(chunk.p.mul(chunk.scores).sum(-1));
          return table(h, own, y, chunk, entropy, meanRow);
        }),
      );
      return { value: tf.concat2d(parts, 0), saved: [labels] };
    },
    (dy, [hidden, head], [labels]) => {
      const again = barrier(hidden!, dy) as tf.Tensor2D;
      const parts = chunks(hidden!.shape[0]!).map((chunk) => {
        const { own, gp, ...gradient } = headGradient(
          again,
          head as tf.Tensor2D,
          labels as tf.Tensor1D,
          dy as tf.Tensor2D,
          chunk,
        );
        return { ...gradient, hidden: own.sub(tf.matMul(gp, head!)) }; // [C, d]
      });
      return [tf.concat(parts.map((p) => p.hidden)), tf.addN(parts.map((p) => p.head))];
    },
  );
}

/** dW = Σ (1[y] − p) dy h of a chunk of states, [V, d]; with p dy, [C, V], and W[y] dy, [C, d]. */
function headGradient(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  labels: tf.Tensor1D,
  dy: tf.Tensor2D,
  [start, size]: [number, number],
) {
  const h = rows(hidden, start, size);
  const g = dy.slice([start, 0], [size, 1]); // [C, 1]
  const y = labels.slice(start, size);
  const gp = softmax(h, head).p.mul<tf.Tensor2D>(g); // [C, V]
  return {
    gp,
    own: tf.gather(head, y).mul(g),
    head: tf.unsortedSegmentSum(h.mul(g), y, head.shape[0]).sub(tf.matMul(gp, h, true)),
  };
}

/** The same under a soft cap, with the head's gradient where it is trained. */
function scoresUnderCap(hidden: tf.Tensor2D, weight: tf.Tensor2D, labels: tf.Tensor1D, softCap: number): tf.Tensor2D {
  const isTrained = weight instanceof tf.Variable;
  return fused<tf.Tensor2D>(
    isTrained ? [hidden, weight] : [hidden],
    (hidden, head = weight) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const { scores, p, logSum } = softmax(rows(hidden!, start, size), head as tf.Tensor2D, softCap);
          const own = tf.oneHot(labels.slice(start, size), head.shape[0]!); // [C, V]
          const at = (x: tf.Tensor) => x.mul(own).sum(-1); // [C]
          const top1 = at(p).equal(p.max(-1)).toFloat();
          const entropy = logSum.sub(p.mul(scores).sum(-1));
          return tf.stack([at(scores).sub(logSum), entropy, top1, scores.mean(-1)], 1) as tf.Tensor2D;
        }),
      );
      return { value: tf.concat2d(parts, 0), saved: [labels] };
    },
    (dy, [hidden, head = weight], [labels]) => {
      const again = barrier(hidden!, dy);
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) => {
        const h = rows(again, start, size);
        const { p, slope } = softmax(h, head as tf.Tensor2D, softCap);
        const own = tf.oneHot(labels!.slice(start, size) as tf.Tensor1D, head.shape[0]!); // [C, V]
        const toProducts = own
          .sub(p)
          .mul(slope!)
          .mul(dy.slice([start, 0], [size, 1])) as tf.Tensor2D; // [C, V]
        return {
          hidden: tf.matMul(toProducts, head as tf.Tensor2D), // [C, d]
          head: isTrained ? tf.matMul(toProducts, h, true) : null, // [V, d]
        };
      });
      const toHidden = tf.concat(parts.map((part) => part.hidden));
      return isTrained ? [toHidden, tf.addN(parts.map((part) => part.head!))] : [toHidden];
    },
  );
}

/** The columns of LabelScores for one chunk. → [C, 4] */
function table(
  h: tf.Tensor,
  own: tf.Tensor,
  y: tf.Tensor1D,
  { p, logSum }: Softmax,
  entropy: tf.Tensor,
  meanRow: tf.Tensor1D,
): tf.Tensor2D {
  const probability = tf.gather(p, y.expandDims<tf.Tensor2D>(1), 1, 1).reshape([-1]); // [C]
  return tf.stack(
    [h.mul(own).sum(-1).sub(logSum), entropy, probability.equal(p.max(-1)).toFloat(), h.mul(meanRow).sum(-1)],
    1,
  ) as tf.Tensor2D;
}
