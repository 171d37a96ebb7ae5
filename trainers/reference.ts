// The reference policy's log-probabilities never change, so each row is scored once: kept by content, across epochs and runs.
import { createHash } from "node:crypto";
import { sharedLength, type TokenBatch, tokenBatch } from "./batches";
import type { Tokens } from "./data/tokenize";
import { compile, free } from "./engine/jit/compile";
import { tf } from "./engine/tensorflow";
import type { Adapter } from "./models/lora";
import type { Model } from "./models/transformer";
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

/** Names a reference policy by what it is made of. */
export function policyHash(baseHash: string, dtype: string, adapter: Adapter | null): string {
  const hash = createHash("sha256").update(JSON.stringify([baseHash, dtype, adapter && [...adapter.scales]]));
  for (const [name, tensor] of adapter?.weights ?? []) hash.update(name).update(tensor.dataSync<"float32">());
  return hash.digest("hex");
}

/** Mean difference of a row's log-probabilities, in nats a token, that shapes and rounding alone explain. */
export const scoreTolerance = { float32: 1e-3, bfloat16: 0.1 };

/** Scores from earlier runs are only used if a few of them, computed again, agree; else they are dropped, and the sentence says so. */
export function checkScores(
  scorer: Reference,
  cache: ScoreCache,
  groups: Tokens[][],
  dtype: "float32" | "bfloat16",
): string | null {
  const { difference } = scorer.spotCheck(groups);
  if (difference <= scoreTolerance[dtype]) return null;
  cache.clear();
  return `the kept reference scores differ by ${difference.toPrecision(2)} nats a token from fresh ones (at most ${scoreTolerance[dtype]} is rounding): all are computed anew`;
}

interface Scored {
  hash: string;
  /** Tokens after the prompt that its group shares. */
  length: number;
}

/** The rows in the batch's order: answer 0 of every group, then answer 1. Ids and mask say everything: template and cut have had their effect. */
function scoredRows(groups: Tokens[][]): Scored[] {
  return groups[0]!.flatMap((_, answer) =>
    groups.map((group) => {
      const row = group[answer]!;
      const start = sharedLength(group);
      const hash = createHash("sha256")
        .update(JSON.stringify([start, row.input_ids, row.completion_mask]))
        .digest("hex");
      return { hash, length: row.input_ids.length - start };
    }),
  );
}

interface Referee {
  model: Model;
  /** Null is the base with adapters off. */
  adapter: Adapter | null;
  cache: ScoreCache;
  pad: number;
}

export function createReference({ model, adapter, cache, pad }: Referee): Reference {
  const score = compile((batch: TokenBatch) => tokenLogProbs(model, adapter, batch));
  return {
    tokenLogProbs(groups, batch) {
      const C = batch.layout.answer;
      const rows = scoredRows(groups);
      const known = rows.map(({ hash }) => cache.get(hash));
      if (known.includes(undefined)) {
        const fresh = score(batch); // [n·B, C]
        const values = fresh.dataSync<"float32">();
        cache.put(new Map(rows.map(({ hash, length }, i) => [hash, values.slice(i * C, i * C + length)])));
        return fresh;
      }
      const values = new Float32Array(rows.length * C);
      for (const [i, row] of known.entries()) values.set(row!, i * C);
      return tf.tensor2d(values, [rows.length, C]);
    },
    spotCheck(groups) {
      const wanted = checkedRows / groups[0]!.length;
      const sample: Tokens[][] = [];
      for (let i = 0; i < groups.length && sample.length < wanted; i += Math.ceil(groups.length / lookedAt))
        if (scoredRows([groups[i]!]).every(({ hash }) => cache.get(hash))) sample.push(groups[i]!);
      if (sample.length === 0) return { rows: 0, difference: 0 };
      const batch = tokenBatch(sample, pad);
      const [fresh, C] = [score(batch), batch.layout.answer];
      const values = fresh.dataSync<"float32">();
      free([fresh, batch]);
      const rows = scoredRows(sample);
      const differences = rows.map(({ hash, length }, i) => {
        const kept = cache.get(hash)!;
        return (
          Array.from({ length }, (_, t) => Math.abs(kept[t]! - values[i * C + t]!)).reduce((a, b) => a + b, 0) / length
        );
      });
      return { rows: rows.length, difference: Math.max(...differences) };
    },
  };
}

/** Rows that are scored again when a run starts and ends, and how many are looked at to find them: hashing a row takes 40 µs. */
const checkedRows = 8;
const lookedAt = 4096;
