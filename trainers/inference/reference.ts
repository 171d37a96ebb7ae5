// The reference policy's log-probabilities never change, so each row is scored once: kept by content, across epochs and runs. A row is
// scored by itself, since its last bits depend on the shape of the batch that it stands in: so its scores are a function of the row alone,
// and a run learns the same whether they were kept or are computed now.

import { createHash } from "node:crypto";
import type { RunConfig } from "../../spec/config";
import type { HeldBase } from "../../spec/fields/model";
import { mean } from "../../spec/statistics";
import type { Tokens } from "../data/tokenize";
import type { Adapter } from "../engine/adapter";
import { compile, free } from "../engine/jit/compile";
import { kernels } from "../engine/kernels";
import { tf } from "../engine/tensorflow";
import type { Model } from "../models/model";
import { sharedLength, type TokenBatch, tokenBatch } from "./batches";
import { tokenLogProbs } from "./policy";

/** Where scores are kept between runs, by the hash of a row. One value a token after the shared prompt. */
export interface ScoreCache {
  get(row: string): Float32Array | undefined;
  put(rows: Map<string, Float32Array>): void;
  clear(): void;
}

/** For a single run. */
export function memoryCache(): ScoreCache {
  const rows = new Map<string, Float32Array>();
  return {
    get: (row) => rows.get(row),
    put(fresh) {
      for (const [row, values] of fresh) rows.set(row, values);
    },
    clear: () => rows.clear(),
  };
}

export interface Reference {
  /** log π_ref of every answer token of a batch of `groups`, in nats. → [n·B, C] */
  tokenLogProbs(groups: Tokens[][], batch: TokenBatch): tf.Tensor2D;
  /** Scores up to eight of the rows again that the cache knows: the largest mean difference of a row, in nats a token. */
  spotCheck(groups: Tokens[][]): { rows: number; difference: number };
}

/** Names a reference policy by what it is made of, and by what computes its scores. */
export function policyHash(
  baseHash: string,
  { dtype, quantisation, unquantised }: Pick<RunConfig["model"], "dtype"> & HeldBase,
  adapter: Adapter | null,
  computedBy: string = kernels(),
): string {
  const made = [
    baseHash,
    dtype,
    computedBy,
    adapter?.tuner.config,
    ...(quantisation ? [quantisation, ...unquantised] : []),
  ];
  const hash = createHash("sha256").update(JSON.stringify(made));
  for (const [name, tensor] of adapter?.weights ?? []) hash.update(name).update(tensor.dataSync<"float32">());
  return hash.digest("hex");
}

/** Mean difference of a row's log-probabilities, in nats a token, that shapes and rounding alone explain. */
export const scoreTolerance = { float32: 1e-3, bfloat16: 0.1 };

/** Scores from earlier runs are only used if a few of them, computed again, are the same; otherwise all are dropped, and a note says so. */
export function checkScores(scorer: Reference, cache: ScoreCache, groups: Tokens[][]): string | null {
  const { difference } = scorer.spotCheck(groups);
  if (difference === 0) return null;
  cache.clear();
  return `the kept reference scores differ by ${difference.toPrecision(2)} nats per token from fresh ones, though they should be identical: all are recomputed`;
}

interface Wanted {
  hash: string;
  ids: number[];
  /** Tokens of the prompt that its group shares: those after it are scored. */
  start: number;
}

/** The rows in the batch's order: answer 0 of every group, then answer 1. The ids say everything: template and cut have had their effect. */
function rowsOf(groups: Tokens[][]): Wanted[] {
  return groups[0]!.flatMap((_, answer) =>
    groups.map((group) => {
      const [ids, start] = [group[answer]!.input_ids, sharedLength(group)];
      const hash = createHash("sha256")
        .update(JSON.stringify([start, ids]))
        .digest("hex");
      return { hash, ids, start };
    }),
  );
}

interface ReferenceOptions {
  model: Model;
  /** Null is the base with adapters off. */
  adapter: Adapter | null;
  cache: ScoreCache;
  pad: number;
}

export function createReference({ model, adapter, cache, pad }: ReferenceOptions): Reference {
  const lean: Model = { ...model, recompute: "attention" }; // independent of what the policy's backward pass keeps
  const score = compile((batch: TokenBatch) => tokenLogProbs(lean, adapter, batch));

  /** Of the tokens after `start`. The prompt ends where the policy's does: so equal policies say the same to the bit, in bfloat16 too. */
  function scoresOf({ ids, start }: Wanted): Float32Array {
    const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t < start ? 0 : 1)) }]], pad);
    const scores = score(batch); // [1, C]
    const values = scores.dataSync<"float32">().slice(0, ids.length - start);
    free([batch, scores]);
    return values;
  }

  return {
    tokenLogProbs(groups, { layout: { answer: C } }) {
      const rows = rowsOf(groups);
      const fresh = new Map<string, Float32Array>();
      const values = new Float32Array(rows.length * C);
      for (const [i, row] of rows.entries()) {
        const known = cache.get(row.hash) ?? fresh.get(row.hash);
        const scores = known ?? scoresOf(row);
        if (!known) fresh.set(row.hash, scores);
        values.set(scores, i * C);
      }
      if (fresh.size > 0) cache.put(fresh);
      return tf.tensor2d(values, [rows.length, C]);
    },
    spotCheck(groups) {
      const wanted = spotCheckRows / groups[0]!.length;
      const sample: Tokens[][] = [];
      for (let i = 0; i < groups.length && sample.length < wanted; i += Math.ceil(groups.length / spotCheckScan))
        if (rowsOf([groups[i]!]).every(({ hash }) => cache.get(hash))) sample.push(groups[i]!);
      const rows = sample.flatMap((group) => rowsOf([group]));
      const differences = rows.map((row) => {
        const [kept, fresh] = [cache.get(row.hash)!, scoresOf(row)];
        return mean([...fresh].map((value, t) => Math.abs(value - kept[t]!)));
      });
      return { rows: rows.length, difference: Math.max(0, ...differences) };
    },
  };
}

/** Rows that are scored again when a run starts and ends, and how many are looked at to find them: hashing a row takes 40 µs. */
const spotCheckRows = 8;
const spotCheckScan = 4096;
