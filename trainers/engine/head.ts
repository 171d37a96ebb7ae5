// Log-probabilities of given labels in one pass over the vocabulary: nothing of size tokens × vocabulary outlives its chunk.
// Beside log p(y) the forward keeps one row a token, W[y] − Σ_v p(v) W[v], which is its gradient up to the incoming scalar.
import { barrier } from "./custom";
import { native, nativeOp } from "./native";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** Rows of the largest chunk. */
const chunkSize = 256;

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

/** Scores of `labels` under softmax(hidden · headᵀ), whose products the op of native/ computes in `dtype`. hidden [N, d], head [V, d], labels [N] int32. */
export function labelScores(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  labels: tf.Tensor1D,
  dtype: "float32" | "bfloat16" = "float32",
): LabelScores {
  const table =
    head instanceof tf.Variable
      ? scoresOfTrainedHead(hidden, head, labels)
      : native()
        ? nativeScores(hidden, head, labels, dtype)
        : scores(hidden, head, labels); // [N, 4]
  const column = (i: number) => table.slice([0, i], [-1, 1]).reshape<tf.Tensor1D>([-1]);
  return { logProbs: column(0), entropy: column(1), top1: column(2), meanLogit: column(3) };
}

const nativeHead = nativeOp<{ dtype: "float32" | "bfloat16" }>("WorkbenchHead", ({ dtype }, [hidden]) => ({
  attributes: { narrow: { int: dtype === "bfloat16" ? 1 : 0 } },
  outputs: [
    { name: "scores", shape: [hidden![0]!, 4], dtype: "float32" },
    { name: "rows", shape: hidden!, dtype: "float32" },
  ],
}));

/** The same as one op of native/head.h. */
const nativeScores = (hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D, dtype: "float32" | "bfloat16") =>
  fused<tf.Tensor2D>(
    [hidden],
    (hidden) => {
      const [value, row] = nativeHead([hidden!, head, labels], { dtype });
      return { value: value as tf.Tensor2D, saved: [row!] };
    },
    (dy, _, [row]) => [row!.mul(dy.slice([0, 0], [-1, 1]))],
  );

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

/** The same with the head's gradient, which needs the probabilities once more: dW = Σ (1[y] − p) dy h. */
function scoresOfTrainedHead(hidden: tf.Tensor2D, head: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  const V = head.shape[0];
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
      const again = barrier(hidden!, dy);
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) => {
        const h = rows(again, start, size);
        const g = dy.slice([start, 0], [size, 1]); // [C, 1]
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

/** Entropy of softmax(hidden · headᵀ) at each position, in nats, with its gradient to the states: −Σ_v p(v) (log p(v) + H) W[v]. hidden [N, d], head [V, d], frozen → [N] */
export function positionEntropy(hidden: tf.Tensor2D, head: tf.Tensor2D): tf.Tensor1D {
  return fused<tf.Tensor1D>(
    [hidden],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        tf.tidy(() => {
          const { scores, p, logSum } = softmax(rows(hidden!, start, size), head);
          const logP = scores.sub(logSum.expandDims(1)); // [C, V]
          const value = p.mul(logP).sum<tf.Tensor1D>(-1).neg(); // [C]
          const row = tf.matMul(p.mul(logP.add(value.expandDims(1))).neg() as tf.Tensor2D, head); // [C, d]
          return { value, row };
        }),
      );
      return { value: tf.concat1d(parts.map((part) => part.value)), saved: [tf.concat(parts.map((part) => part.row))] };
    },
    (dy, _, [row]) => [row!.mul(dy.expandDims(1))],
  );
}

/** log Σ_v p(v)² at each position, without a gradient. hidden [N, d], head [V, d] → [N] */
export function logSquares(hidden: tf.Tensor2D, head: tf.Tensor2D): tf.Tensor1D {
  return fused<tf.Tensor1D>(
    [hidden],
    (hidden) => {
      const parts = chunks(hidden!.shape[0]!).map(([start, size]) =>
        softmax(rows(hidden!, start, size), head)
          .p.square()
          .sum<tf.Tensor1D>(-1)
          .log(),
      );
      return { value: tf.concat1d(parts), saved: [] };
    },
    (_, [hidden]) => [tf.zerosLike(hidden!)],
  );
}

interface Softmax {
  scores: tf.Tensor2D; // [C, V]
  p: tf.Tensor2D; // [C, V]
  logSum: tf.Tensor1D; // [C]
}

/** p = softmax(h headᵀ) and log Σ exp, by which p's largest entry falls short of 1: it is at least 1/V. */
function softmax(h: tf.Tensor, head: tf.Tensor2D): Softmax {
  const scores: tf.Tensor2D = tf.matMul(h as tf.Tensor2D, head, false, true); // [C, V]
  const p = tf.softmax(scores as tf.Tensor) as tf.Tensor2D;
  return { scores, p, logSum: scores.max(-1).sub<tf.Tensor1D>(p.max(-1).log()) };
}

const rows = (x: tf.Tensor, start: number, size: number) => x.slice([start, 0], [size, -1]);

/** Chunks of like size: at least four, or else a power of two, so that batches of most lengths are computed by one graph. */
function chunks(count: number): [start: number, size: number][] {
  const parts = Math.max(4, 2 ** Math.ceil(Math.log2(count / chunkSize)));
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.floor((i * count) / parts));
  return bounds.slice(0, -1).flatMap((start, i) => (bounds[i + 1]! > start ? [[start, bounds[i + 1]! - start]] : []));
}
