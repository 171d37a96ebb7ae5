// Rows of ids become tensors here: right-padded, with the positions that are scored listed, never inferred from ids.

import type { Tokens } from "./data/tokenize";
import { tf } from "./engine/tensorflow";

/** B rows of width T with N scored tokens in all. */
export type TokenBatch = {
  ids: tf.Tensor2D; // [B, T] int32, padded on the right
  /** Index into the B·T hidden states of the state that predicts each scored token. */
  scored: tf.Tensor1D; // [N] int32
  labels: tf.Tensor1D; // [N] int32
  /** Which row a scored token belongs to. */
  rows: tf.Tensor1D; // [N] int32
};

/** Widths are rounded up: TensorFlow prepares (and keeps) every matrix product once per shape. */
const widthStep = 8;

/** Throws on a row without a scored token: its log-probability would be an empty sum. */
export function tokenBatch(rows: Tokens[], pad: number): TokenBatch {
  const width = widthStep * Math.ceil(Math.max(...rows.map((row) => row.input_ids.length)) / widthStep);
  const ids = new Int32Array(rows.length * width).fill(pad);
  const [scored, labels, owners]: number[][] = [[], [], []];
  rows.forEach((row, i) => {
    ids.set(row.input_ids, i * width);
    const before = scored!.length;
    for (let t = 1; t < row.input_ids.length; t++) {
      if (!row.completion_mask[t]) continue;
      scored!.push(i * width + t - 1);
      labels!.push(row.input_ids[t]!);
      owners!.push(i);
    }
    if (scored!.length === before)
      throw new Error(`row ${i} of the batch has no scored token: [${row.input_ids.slice(0, 20)}]`);
  });
  return {
    ids: tf.tensor2d(ids, [rows.length, width], "int32"),
    scored: tf.tensor1d(scored!, "int32"),
    labels: tf.tensor1d(labels!, "int32"),
    rows: tf.tensor1d(owners!, "int32"),
  };
}

/** Tokens of the rows, padding not counted. */
export const countTokens = (rows: Tokens[]) => rows.reduce((sum, row) => sum + row.input_ids.length, 0);
