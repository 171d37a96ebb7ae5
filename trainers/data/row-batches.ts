// The rows of each step, in an order that the seed gives. The same seed and step give the same batch, so a resumed run needs no cursor but
// its step.
import { createRandom, permutation } from "../../common/random";
import type { RunConfig } from "../../spec/config";
import type { Example, TrainingData } from "./dataset";
import { epochOf, type Rows } from "./epochs";

/** Part of an optimiser step that is computed at once. */
export interface MicroBatch<Batch> {
  /** What it weighs in the step's mean: rows for preference losses, scored tokens for likelihoods. */
  weight: number;
  /** Tokens fed, padding not counted. */
  tokens: number;
  /** Its tensors, owned by the caller. */
  build(): Batch;
}

/** Cuts rows into micro-batches that are padded with `pad`. */
type Cut<Row, Batch> = (rows: Row[], pad: number) => MicroBatch<Batch>[];

/** The batches of a method over a file of rows. `cut` gets the rows of a step, or with `wholeBatches` those of one accumulated batch at a time. */
export function rowBatches<Row, Batch>(
  { train, heldOut }: TrainingData<Row>,
  { batchSize, gradientAccumulationSteps, data, seed }: RunConfig,
  cut: Cut<Row, Batch>,
  wholeBatches = false,
): { batches(step: number, pad: number): MicroBatch<Batch>[]; heldOut(pad: number): MicroBatch<Batch>[] } {
  const size = batchSize * gradientAccumulationSteps;
  const cutAll = (examples: Example<Row>[], pad: number) => {
    const rows = examples.map(({ tokens }) => tokens);
    return wholeBatches ? chunks(rows, batchSize).flatMap((part) => cut(part, pad)) : cut(rows, pad);
  };
  return {
    batches: (step, pad) => cutAll(batchRows(train, size, step, data.order, seed), pad),
    heldOut: (pad) => cutAll(heldOut, pad),
  };
}

/** Consecutive parts of `size` rows; the last may be shorter. */
export const chunks = <Row>(rows: Row[], size: number): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));

/** Rows of optimiser step `index`, counted over epochs. Shuffled anew each epoch; wraps round so that every batch is full. */
export function batchRows<T>(
  rows: Rows<T>,
  size: number,
  index: number,
  order: "shuffled" | "sequential",
  seed: number,
): T[] {
  return Array.from({ length: size }, (_, i) => {
    const at = index * size + i;
    const epoch = Math.floor(at / rows.length);
    return epochOf(rows, epoch)[epochOrder(rows.length, order, seed, epoch)[at % rows.length]!]!;
  });
}

let remembered: { key: string; order: number[] } | undefined;
function epochOrder(count: number, order: "shuffled" | "sequential", seed: number, epoch: number): number[] {
  const key = `${count}/${order}/${seed}/${epoch}`;
  if (remembered?.key !== key)
    remembered = {
      key,
      order:
        order === "sequential"
          ? Array.from({ length: count }, (_, i) => i)
          : permutation(count, createRandom(seed, "order", epoch)),
    };
  return remembered.order;
}
