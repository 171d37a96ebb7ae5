// A model as the ops of native/ compute it, for sampling: hidden states over a cache, without gradients. Families make it, transformer.ts chooses.
import { nativeOp } from "../engine/native";
import type { tf } from "../engine/tensorflow";

/** Keys and values of all layers, [layers, rows, G, columns, D filled up to a multiple of 32] each; the op writes into them. */
export type NativeCache = { keys: tf.Tensor; values: tf.Tensor };

/** Tokens of rows row … of the cache, T each, from column `column` on; padding[b] columns of a row come before its first token. */
export interface NewTokens {
  ids: tf.Tensor2D; // [B, T] int32
  padding: tf.Tensor1D; // [B] int32
  row: number;
  column: number;
}

/** A model and an adapter as they stand, ready to compute. */
export interface NativeModel {
  /** For `rows` rows of up to `columns` tokens; owned by the caller. */
  cache(rows: number, columns: number): NativeCache;
  /** Hidden states after the final norm of each row's last token. → [B, d] */
  lastHidden(cache: NativeCache, tokens: NewTokens): tf.Tensor2D;
  free(): void;
}

/** x Wᵀ of few rows in float32: x [N, in], W [out, in] → [N, out] */
export const nativeProduct = nativeOp("WorkbenchProduct", (_: object, [x, w]) => ({
  attributes: {},
  outputs: [{ name: "y", shape: [x![0]!, w![0]!], dtype: "float32" }],
}));
