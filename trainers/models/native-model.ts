// A model as the ops of native/ compute it, for sampling: hidden states over a cache, without gradients. Families make it, transformer.ts chooses.
import { nativeOp } from "../engine/native";
import { tf } from "../engine/tensorflow";

/** Keys and values of all layers, [layers, rows, G, columns, D filled up to a multiple of 32] each; the op writes into them. */
export type NativeCache = { keys: tf.Tensor; values: tf.Tensor };

/** T new tokens of some rows of the cache, from a column of each on; padding[b] columns of a row come before its first token. */
export interface NewTokens {
  ids: tf.Tensor2D; // [B, T] int32
  padding: tf.Tensor1D; // [B] int32
  rows: number[]; // [B]
  columns: number[]; // [B]
}

/** A model and an adapter as they stand, ready to compute. */
export interface NativeModel {
  /** For `rows` rows of up to `columns` tokens; owned by the caller. */
  cache(rows: number, columns: number): NativeCache;
  /** Hidden states after the final norm of each row's last token. → [B, d] */
  lastHidden(cache: NativeCache, tokens: NewTokens): tf.Tensor2D;
  /** The same of all new tokens, a row's one after the other. → [B·T, d] */
  allHidden(cache: NativeCache, tokens: NewTokens): tf.Tensor2D;
  free(): void;
}

const copied = nativeOp("WorkbenchCopyRows", (_: object, [, , from]) => ({
  attributes: {},
  outputs: [{ name: "copied", shape: [from![0]!], dtype: "int32" }],
}));

/** Copies the first `count` columns of row `from` to row `to`. */
export const copyRow = ({ keys, values }: NativeCache, from: number, to: number, count: number): void =>
  tf.tidy(() => {
    copied([keys, values, ...[from, to, count].map((one) => tf.tensor1d([one], "int32"))], {});
  });

/** Scores of the next token in float32, whatever the blocks are held in: hidden [N, d], head [V, d] → [N, V] */
export const nativeScores = (hidden: tf.Tensor2D, head: tf.Tensor2D): tf.Tensor2D =>
  nativeProduct([hidden, head], {})[0] as tf.Tensor2D;

/** x Wᵀ of few rows in float32: x [N, in], W [out, in] → [N, out] */
export const nativeProduct = nativeOp("WorkbenchProduct", (_: object, [x, w]) => ({
  attributes: {},
  outputs: [{ name: "y", shape: [x![0]!, w![0]!], dtype: "float32" }],
}));
