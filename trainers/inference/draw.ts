// Drawing a token a row by inverting the cumulative distribution at a uniform number.
import { native, nativeOp } from "../engine/native";
import { tf } from "../engine/tensorflow";

/** What is cut off before drawing; null keeps everything. */
export interface Truncation {
  /** Only the k likeliest tokens. */
  topK: number | null;
  /** Only the likeliest tokens that together reach this probability (nucleus sampling, Holtzman et al. 2020, arXiv 1904.09751). */
  topP: number | null;
}

export type DrawInput = {
  scores: tf.Tensor2D; // [B, V] logits
  uniforms: tf.Tensor1D; // [B] in [0, 1)
  temperature: tf.Scalar;
  drawing: { greedy: boolean; topK: number | null; topP: number | null };
};

export type Drawn = {
  tokens: tf.Tensor1D; // [B] int32
  logProbs: tf.Tensor1D; // [B]
};

/** native/draw.cc: one pass over the scores. */
const drawNatively = nativeOp<{ greedy: boolean }>("WorkbenchDraw", ({ greedy }, [scores]) => ({
  attributes: { greedy: { int: greedy ? 1 : 0 } },
  outputs: [
    { name: "tokens", shape: [scores![0]!], dtype: "int32" },
    { name: "log_probs", shape: [scores![0]!], dtype: "float32" },
  ],
}));

/** The drawn token of each row and its log-probability at this temperature before truncation. */
export function draw({ scores, uniforms, temperature, drawing }: DrawInput): Drawn {
  const { greedy, topK, topP } = drawing;
  if (native() && topK === null && topP === null) {
    const [tokens, logProbs] = drawNatively([scores, uniforms, temperature], { greedy });
    return { tokens: tokens as tf.Tensor1D, logProbs: logProbs as tf.Tensor1D };
  }
  const tempered = scores.div<tf.Tensor2D>(temperature); // [B, V]
  const p = tf.softmax(tempered);
  const tokens = greedy ? tf.argMax<tf.Tensor1D>(scores, -1) : invert(truncate(p, drawing), uniforms);
  const taken = tf.gather(tempered, tokens.expandDims<tf.Tensor2D>(1), 1, 1).flatten(); // [B]
  const logSum = tempered.max(-1).sub(p.max(-1).log()); // log Σ exp, see engine/head.ts
  return { tokens, logProbs: taken.sub(logSum) };
}

/** Probabilities with the unlikely ones set to 0; what is left is not normalised again. */
function truncate(p: tf.Tensor2D, { topK, topP }: DrawInput["drawing"]): tf.Tensor2D {
  const keepFrom = (least: tf.Tensor) => p.mul<tf.Tensor2D>(p.greaterEqual(least).toFloat());
  if (topP === null) return topK === null ? p : keepFrom(tf.topk(p, topK).values.slice([0, topK - 1], [-1, 1]));
  const { values } = tf.topk(p, topK ?? p.shape[1]); // [B, k], falling
  const whole = topK === null ? tf.scalar(1) : values.sum(-1, true);
  const before = tf.cumsum(values, -1, true); // of the likelier ones
  const kept = before.less(whole.mul(topP)); // the first always
  return keepFrom(tf.where(kept, values, tf.onesLike(values)).min(-1, true));
}

/** Tokens whose probabilities are summed as one before the token itself is sought: a sum over all of V would be slow. */
const block = 256;

/** The token at which the running sum of `p` passes `uniform` of the whole. p [B, V], not normalised → [B] */
function invert(p: tf.Tensor2D, uniforms: tf.Tensor1D): tf.Tensor1D {
  const [B, V] = p.shape;
  const count = Math.ceil(V / block);
  const blocks = tf
    .pad(p, [
      [0, 0],
      [0, count * block - V],
    ])
    .reshape<tf.Tensor3D>([B, count, block]);
  const sums = blocks.sum<tf.Tensor2D>(-1); // [B, blocks]
  const target = uniforms.expandDims(1).mul<tf.Tensor2D>(sums.sum(-1, true)); // [B, 1]
  const chosen = passing(sums, tf.zerosLike(target), target); // [B, 1]
  const earlier = tf.range(0, count, 1, "int32").less(chosen).toFloat(); // [B, blocks]
  const before = sums.mul(earlier).sum<tf.Tensor2D>(-1, true); // [B, 1]
  const inside = tf.gather(blocks, chosen, 1, 1).reshape<tf.Tensor2D>([B, block]);
  return chosen
    .mul(tf.scalar(block, "int32"))
    .add(passing(inside, before, target))
    .flatten();
}

/** First column at which `before` + the running sum passes `target`, at most the last one that is not 0. → [B, 1] int32 */
function passing(values: tf.Tensor2D, before: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor2D {
  const reached = tf.cumsum(values, 1).add(before).lessEqual(target).toInt().sum(-1, true);
  const columns = tf.range(0, values.shape[1], 1, "int32");
  const last = values.greater(0).toInt().mul(columns).max(-1, true); // rounding must not step past the last possible token
  return reached.minimum(last) as tf.Tensor2D;
}
