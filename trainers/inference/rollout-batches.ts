// Answers that were sampled, as batches: their ids, and tensors of what is known of each answer or each of its tokens.
import type { MicroBatch } from "../data/row-batches";
import type { Tokens } from "../data/tokenize";
import { tf } from "../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "./batches";

/** Makes tensors of what is known of each row of a batch. */
interface Gather<Row> {
  /** A list an answer, as wide as the batch's answers, 0 after its end. → [B, C] */
  perToken(of: (row: Row) => number[]): tf.Tensor2D;
  /** A number an answer. → [B] */
  perSequence(of: (row: Row) => number): tf.Tensor1D;
}

/**
 * The rows of an optimiser step as micro-batches. `tensors` adds to ids and masks; `scale` is what a batch's own sums take so that the
 * loop, which weighs batches by their rows, makes the sums of all rows of them.
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
