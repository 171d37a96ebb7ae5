// Batches of sampled answers: their ids, with tensors that hold a number per answer or per token.
import type { MicroBatch } from "../data/row-batches";
import type { Tokens } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "./batches";

/** Makes a tensor from values of a batch's rows. */
interface Gather<Row> {
  /** A list per answer, padded with 0 to the width of the batch. → [B, C] */
  perToken(of: (row: Row) => number[]): tf.Tensor2D;
  /** A number per answer. → [B] */
  perSequence(of: (row: Row) => number): tf.Tensor1D;
}

/**
 * The rows of an optimiser step as micro-batches. `tensors` adds to ids and masks; `scale` is the factor for a batch's own sums, with which the
 * loop, which weights batches by their rows, arrives at the sums over all rows.
 */
export function rolloutBatches<Row extends { inputTokens: Tokens }, Tensors extends Record<string, tf.Tensor>>(
  rows: Row[],
  pad: number,
  microBatchTokens: number,
  tensors: (gather: Gather<Row>, scale: number) => Tensors,
): MicroBatch<TokenBatch & Tensors>[] {
  return microBatches(rows, ({ inputTokens }) => [inputTokens], microBatchTokens).map((part) => ({
    weight: part.length,
    tokens: countTokens(part.map(({ inputTokens }) => inputTokens)),
    build() {
      const batch = tokenBatch(
        part.map(({ inputTokens }) => [inputTokens]),
        pad,
      );
      const C = batch.layout.answer;
      const padded = (values: number[]) => Array.from({ length: C }, (_, t) => values[t] ?? 0);
      const gather: Gather<Row> = {
        perToken: (of) => tf.tensor2d(part.map((row) => padded(of(row)))),
        perSequence: (of) => tf.tensor1d(part.map(of)),
      };
      return { ...batch, ...tensors(gather, rows.length / part.length) };
    },
  }));
}
