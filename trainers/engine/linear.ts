// y = x Wᵀ + scale · (x Aᵀ) Bᵀ with W frozen: one node on the tape, and no gradient of W is ever computed. Layers that read the same
// input are one product over stacked matrices, for products with a rank of 16 run at a fifth of the machine's speed.
import { barrier, matMulBfloat16, toBfloat16 } from "./custom";
import { native } from "./native";
import { fused } from "./ops";
import { tf } from "./tensorflow";

/** A frozen matrix [out, in], behind the two products that training needs; float32 and bfloat16 differ only here. */
export interface FrozenMatrix {
  /** x Wᵀ: [N, in] → [N, out]. */
  timesTransposed(x: tf.Tensor): tf.Tensor2D;
  /** x W: [N, out] → [N, in]. */
  times(x: tf.Tensor): tf.Tensor2D;
  /** W itself [out, in] where it is held so, in `dtype`; tfjs takes bfloat16 for float32. A quantised one is made at each call, once `after` is known. */
  rows: tf.Tensor2D | ((after: tf.Tensor) => tf.Tensor2D) | null;
  dtype: "float32" | "bfloat16";
  /** As it is held in 8 bits. */
  int8?: Int8;
  /** ‖w‖² of each of its rows; of a bfloat16 one before it was rounded. [out] */
  rowSquares: () => tf.Tensor1D;
}

/** A matrix [out, in] in 8 bits (int8/codes.ts): its number [o][k] is (code − 128) · scales[o][⌊k / 64⌋]. */
export interface Int8 {
  /** Four codes a word, rows filled up to whole groups of 64. */
  words: tf.Tensor2D; // [out, ⌈in / 64⌉ · 16] int32
  scales: tf.Tensor2D; // [out, ⌈in / 64⌉]
  columns: number;
}

/** A frozen matrix whose rows can be had. */
export type WithRows = FrozenMatrix & { rows: NonNullable<FrozenMatrix["rows"]> };

export const isFrozen = (weight: FrozenMatrix | tf.Tensor2D): weight is FrozenMatrix => !(weight instanceof tf.Tensor);

/** W [out, in], to be multiplied with what is known after `after`. */
export const rowsOf = (rows: NonNullable<FrozenMatrix["rows"]>, after: tf.Tensor): tf.Tensor2D =>
  typeof rows === "function" ? rows(after) : rows;

/** The update of one layer, already scaled: B holds alpha / rank. */
export interface LowRank {
  a: tf.Tensor2D; // [r, in]
  b: tf.Tensor2D; // [out, r]
}

/** How an adapter changes one linear layer. */
export type LayerChange =
  /** y + x Aᵀ Bᵀ: one node with the frozen product. */
  | { lowRank: LowRank }
  /** Anything else that follows from the input and the frozen layer, its bias included. [N, in] → [N, out] */
  | { apply(x: tf.Tensor2D, frozen: FrozenLayer): tf.Tensor2D };

export interface FrozenLayer {
  /** x Wᵀ + bias: [N, in] → [N, out] */
  output(x: tf.Tensor2D): tf.Tensor2D;
  /** x Wᵀ: [N, in] → [N, out] */
  product(x: tf.Tensor2D): tf.Tensor2D;
  bias: tf.Tensor1D | null; // [out]
  rowSquares(): tf.Tensor1D; // [out]
}

/** ‖w‖² of each row, as products of rows with themselves: squares would take as much memory as the matrix. */
export const rowSquares = (w: tf.Tensor2D): tf.Tensor1D =>
  tf.tidy(() => {
    const [rows, columns] = w.shape;
    const apart = w.reshape<tf.Tensor3D>([rows, 1, columns]);
    return tf.matMul(apart, apart, false, true).reshape<tf.Tensor1D>([rows]);
  });

/** The changes as low-rank updates, which are computed together with their products; null where one of them is none. */
export function asLowRank(changes: (LayerChange | null)[]): (LowRank | null)[] | null {
  const updates = changes.map((change) => change && "lowRank" in change && change.lowRank);
  return updates.every((update) => update !== false) ? updates : null;
}

/** Takes over `weight`: the form in which it is multiplied replaces it. */
export function frozenMatrix(weight: tf.Tensor2D, dtype: "float32" | "bfloat16"): FrozenMatrix {
  if (dtype === "bfloat16" || native()) return frozenRows(weight, dtype);
  // TensorFlow is 1.6 times faster over the few rows of sampling where it need not turn the matrix; the bits are the same.
  const turned = tf.transpose(weight); // [in, out]
  weight.dispose();
  return {
    timesTransposed: (x) => tf.matMul(x as tf.Tensor2D, turned),
    times: (x) => tf.matMul(x as tf.Tensor2D, turned, false, true),
    rows: null,
    dtype,
    rowSquares: () => rowSquares(tf.transpose(turned)),
  };
}

/** The same, held as rows. */
export function frozenRows(weight: tf.Tensor2D, dtype: "float32" | "bfloat16"): WithRows {
  if (dtype === "float32")
    return {
      timesTransposed: (x) => tf.matMul(x as tf.Tensor2D, weight, false, true),
      times: (x) => tf.matMul(x as tf.Tensor2D, weight),
      rows: weight,
      dtype,
      rowSquares: () => rowSquares(weight),
    };
  const squares = rowSquares(weight);
  const narrow = toBfloat16(weight);
  weight.dispose();
  return {
    rows: narrow,
    dtype,
    rowSquares: () => squares,
    timesTransposed: (x) => matMulBfloat16(x as tf.Tensor2D, narrow, true),
    times: (x) => matMulBfloat16(x as tf.Tensor2D, narrow, false),
  };
}

/** Layers that read the same input, side by side: their matrices one below the other, with the change of each. [N, in] → [N, Σ out] */
export function adaptedLinear(
  x: tf.Tensor2D,
  weight: FrozenMatrix | tf.Tensor2D,
  bias: tf.Tensor1D | null,
  layers: { size: number; change: LayerChange | null }[],
  dtype: "float32" | "bfloat16",
): tf.Tensor2D {
  const product = (x: tf.Tensor2D, update: LowRank | null): tf.Tensor2D => {
    const y = linear(x, weight, update, dtype);
    return bias ? y.add(bias) : y;
  };
  const updates = asLowRank(layers.map(({ change }) => change));
  if (updates) return product(x, stackUpdates(layers.map(({ size }, i) => ({ size, update: updates[i]! }))));
  const sizes = layers.map(({ size }) => size);
  const apart = (y: tf.Tensor2D) => (sizes.length === 1 ? [y] : (tf.split(y, sizes, 1) as tf.Tensor2D[])); // tfjs has no gradient of a split into one
  const shared = apart(linear(x, weight, null, dtype));
  let before = 0;
  const changed = layers.map(({ size, change }, i) => {
    const own = (all: tf.Tensor1D) => all.slice<tf.Tensor1D>(before, size);
    const ownBias = bias && own(bias);
    const squares = () => own(isFrozen(weight) ? weight.rowSquares() : rowSquares(weight));
    const layerProduct = (input: tf.Tensor2D) => (input === x ? shared : apart(linear(input, weight, null, dtype)))[i]!;
    const output = (input: tf.Tensor2D) =>
      ownBias ? layerProduct(input).add<tf.Tensor2D>(ownBias) : layerProduct(input);
    const made = changedOutput(x, change, { output, product: layerProduct, bias: ownBias, rowSquares: squares });
    before += size;
    return made;
  });
  return changed.length === 1 ? changed[0]! : tf.concat2d(changed, 1);
}

function changedOutput(x: tf.Tensor2D, change: LayerChange | null, frozen: FrozenLayer): tf.Tensor2D {
  if (!change) return frozen.output(x);
  if ("apply" in change) return change.apply(x, frozen);
  const { a, b } = change.lowRank;
  return frozen.output(x).add<tf.Tensor2D>(tf.matMul(tf.matMul(x, a, false, true), b, false, true));
}

/** A linear layer over a frozen matrix and an optional update, or over a matrix that is trained itself, multiplied in `dtype`. [N, in] → [N, out] */
export function linear(
  x: tf.Tensor2D,
  weight: FrozenMatrix | tf.Tensor2D,
  update: LowRank | null,
  dtype: "float32" | "bfloat16" = "float32",
): tf.Tensor2D {
  if (weight instanceof tf.Tensor)
    return dtype === "float32" ? tf.matMul(x, weight, false, true) : roundedProduct(x, weight);
  if (!update)
    return fused<tf.Tensor2D>(
      [x],
      (x) => ({ value: weight.timesTransposed(x!), saved: [] }),
      (dy) => [weight.times(dy)],
    );
  return fused<tf.Tensor2D>(
    [x, update.a, update.b],
    (x, a, b) => {
      const low = tf.matMul(x!, a!, false, true); // [N, r]
      return { value: weight.timesTransposed(x!).add(tf.matMul(low, b!, false, true)), saved: [low] };
    },
    (dy, [x, a, b], [low]) => {
      const g = tf.matMul(dy, b!); // [N, r]
      return [weight.times(dy).add(tf.matMul(g, a!)), tf.matMul(g, x!, true), outer(dy, low!)];
    },
  );
}

/**
 * x Wᵀ where W is trained in mixed precision (Micikevicius et al. 2018, arXiv 1710.03740): all three products round both factors to bfloat16, while W,
 * which the optimizer changes, and its gradients' sums over micro-batches are in float32. [N, in] → [N, out]
 */
const roundedProduct = (x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D =>
  fused<tf.Tensor2D>(
    [x, weight],
    (x, w) => ({ value: matMulBfloat16(x as tf.Tensor2D, narrow(w!, x!), true), saved: [] }),
    (dy, [x, w]) => [
      matMulBfloat16(dy, narrow(w!, dy), false),
      matMulBfloat16(tf.transpose(dy), toBfloat16(x as tf.Tensor2D), false),
    ],
  );

/** A copy in bfloat16, made once it is needed: all layers' at once would take half as much memory as the weights. */
const narrow = (weight: tf.Tensor, after: tf.Tensor) => toBfloat16(barrier(weight, after)) as tf.Tensor2D;

/** dyᵀ low, the gradient of B, by way of its transpose: that turns the narrow side instead of the wide one. [N, out], [N, r] → [out, r] */
export const outer = (dy: tf.Tensor, low: tf.Tensor) => tf.transpose(tf.matMul(low, dy, true));

/** Updates of layers that read the same input as one of the stacked layer: A below A, B block-diagonal. Null where none is adapted. */
export function stackUpdates(layers: { size: number; update: LowRank | null }[]): LowRank | null {
  const adapted = layers.flatMap(({ update }) => update ?? []);
  if (adapted.length === 0) return null;
  if (layers.length === 1) return adapted[0]!;
  const width = adapted.reduce((sum, { b }) => sum + b.shape[1], 0);
  let left = 0;
  const blocks = layers.map(({ size, update }) => {
    if (!update) return tf.zeros<tf.Rank.R2>([size, width]);
    const before = left;
    left += update.b.shape[1];
    return tf.pad(update.b, [
      [0, 0],
      [before, width - left],
    ]);
  });
  return {
    a: tf.concat2d(
      adapted.map(({ a }) => a),
      0,
    ),
    b: tf.concat2d(blocks, 0),
  };
}
