// What sampling asks of a model: prompts are read once, then a token a row at a time over cached keys and values. There are two ways,
// plain-decoder.ts and native-decoder.ts.
import { tf } from "../engine/tensorflow";
import type { DrawInput, Drawn } from "./draw";

/** How tokens are drawn, with a uniform number for each row. */
export type Drawing = Omit<DrawInput, "scores">;

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
  /** The first token of each row. */
  first(drawing: Drawing): Drawn;
  /** Only rows `from` go on. */
  keep(from: number[]): void;
  /** Reads the token that was drawn last in each row, and draws the next. */
  next(tokens: number[], drawing: Drawing): Drawn;
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
