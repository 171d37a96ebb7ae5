// What sampling asks of a model: prompts are read once, then a token a row at a time over cached keys and values. plain-decoder.ts,
// native-decoder.ts and state-decoder.ts are ways to do it, and mixture-decoder.ts is made of two of them.
import { tf } from "../engine/tensorflow";

export interface Prompts {
  /** Distinct ones, of any lengths. */
  prompts: number[][];
  /** For each row of the batch, the index of its prompt. */
  owners: number[];
  pad: number;
  /** How many tokens are drawn for a row at most. */
  maxNewTokens: number;
}

export interface Decoder {
  /** The rows of a batch, filled up with −1 to a size that it computes. */
  fill(rows: number[]): number[];
  read(prompts: Prompts): Decoding;
}

/** A batch of rows that are being written. */
export interface Decoding {
  /** Logits of each row's first token, [B, V]. These and the next are owned by the caller. */
  first(): tf.Tensor2D;
  /** Only rows `from` go on. */
  keep(from: number[]): void;
  /** Reads the token that was drawn last in each row: logits of the one after it. */
  next(tokens: number[]): tf.Tensor2D;
  free(): void;
}

/** Prompts side by side in `width` columns, behind as many `pad` as each lacks. */
export const leftPadded = (prompts: number[][], width: number, pad: number) => ({
  ids: tf.tensor2d(
    prompts.map((ids) => [...Array<number>(width - ids.length).fill(pad), ...ids]),
    [prompts.length, width],
    "int32",
  ),
  padding: paddingOf(
    prompts.map((ids) => ids.length),
    width,
  ),
});

/** Columns before each prompt's first token. → [B] */
export const paddingOf = (lengths: number[], width: number): tf.Tensor1D =>
  tf.tensor1d(
    lengths.map((length) => width - length),
    "int32",
  );
