// A model as the ops of native/ compute it, for sampling: hidden states over a cache, without gradients. Families make it, transformer.ts chooses.
import { int8Product, isInt8 } from "../engine/int8/codes";
import type { Int8 } from "../engine/linear";
import { nativeOp } from "../engine/native";
import { tf } from "../engine/tensorflow";

/** Tokens of a page, as native/model.h has it. */
export const pageTokens = 16;

/** Keys and values of all layers in pages, [pages, layers, G, pageTokens, D filled up to a multiple of 32] each; the op writes into them. */
export type NativeCache = { keys: tf.Tensor; values: tf.Tensor };

/** T new tokens of each of some rows. */
export interface NewTokens {
  ids: tf.Tensor2D; // [B, T] int32
  /** In which pages each row stands, page for page. */
  pages: readonly (readonly number[])[]; // [B]
  /** Where in its row the first of the new tokens stands. Those before place 0 only fill up, and are written nowhere. */
  places: number[]; // [B]
}

/** A model and an adapter as they stand, ready to compute. */
export interface NativeModel {
  /** Pages that nothing stands in, and that take memory as they are written; owned by the caller. */
  cache(pages: number): NativeCache;
  /** Hidden states after the final norm of each row's last token. → [B, d] */
  lastHidden(cache: NativeCache, tokens: NewTokens): tf.Tensor2D;
  /** The same of all new tokens, a row's one after the other. → [B·T, d] */
  allHidden(cache: NativeCache, tokens: NewTokens): tf.Tensor2D;
  free(): void;
}

const copied = nativeOp("WorkbenchCopyPages", (_: object, [, , from]) => ({
  attributes: {},
  outputs: [{ name: "copied", shape: [from![0]!], dtype: "int32" }],
}));

/** Copies page from[i] to page to[i]. */
export const copyPages = ({ keys, values }: NativeCache, from: number[], to: number[]): void =>
  tf.tidy(() => {
    copied([keys, values, ...[from, to].map((pages) => tf.tensor1d(pages, "int32"))], {});
  });

/** Scores of the next token, in float32 unless the head is held in 8 bits: hidden [N, d], head [V, d] → [N, V] */
export const nativeScores = (hidden: tf.Tensor2D, head: tf.Tensor2D | Int8): tf.Tensor2D =>
  isInt8(head) ? int8Product(hidden, head) : (nativeProduct([hidden, head], {})[0] as tf.Tensor2D);

/** x Wᵀ of few rows in float32: x [N, in], W [out, in] → [N, out] */
export const nativeProduct = nativeOp("WorkbenchProduct", (_: object, [x, w]) => ({
  attributes: {},
  outputs: [{ name: "y", shape: [x![0]!, w![0]!], dtype: "float32" }],
}));
