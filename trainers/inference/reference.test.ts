import { beforeAll, expect, test } from "vitest";
import { heldInFull } from "../../spec/fields/model";
import type { Tokens } from "../data/tokenize";
import { kernels } from "../engine/kernels";
import { tf } from "../engine/tensorflow";
import { loadModel } from "../models/load";
import type { Model } from "../models/model";
import { tokenBatch } from "./batches";
import { tokenLogProbs } from "./policy";
import { checkScores, createReference, memoryCache, policyHash, type Reference } from "./reference";

let model: Model;
beforeAll(async () => {
  ({ model } = await loadModel({ source: "data/golden/trajectories/model", dtype: "float32" }));
});

const row = (ids: number[], start: number) => ({
  input_ids: ids,
  completion_mask: ids.map((_, i) => (i < start ? 0 : 1)),
});
const groups = Array.from({ length: 10 }, (_, i) => [row([1, 7 + i, 8, 9, 10], 2), row([1, 7 + i, 30, 31], 2)]);

/** Also says what was put into the cache. */
function watched(judge = model) {
  const cache = memoryCache();
  const kept = new Map<string, Float32Array>();
  const put = cache.put;
  cache.put = (rows) => {
    for (const [hash, scores] of rows) kept.set(hash, scores);
    put(rows);
  };
  return { cache, reference: createReference({ model: judge, adapter: null, cache, pad: 0 }), kept };
}

const scores = (reference: Reference, some: Tokens[][]) =>
  tf.tidy(() => reference.tokenLogProbs(some, tokenBatch(some, 0)).dataSync<"float32">() as never) as Float32Array;

test("a row is scored once, whatever batch it stands in later", () => {
  const { reference, kept } = watched();
  const first = scores(reference, groups.slice(0, 3)); // [6, 8]: three answer tokens each, or two
  expect(kept.size).toBe(6);
  const again = scores(reference, [groups[2]!, groups[0]!]);
  expect(kept.size).toBe(6);
  const row = (of: Float32Array, i: number) => [...of.slice(i * 8, i * 8 + 2)];
  expect([0, 1, 2, 3].map((i) => row(again, i))).toEqual([2, 0, 5, 3].map((i) => row(first, i))); // answer-major
  const plain = tf.tidy(() => tokenLogProbs(model, null, tokenBatch([groups[0]!], 0)).arraySync()) as number[][];
  for (const [t, value] of plain[0]!.slice(0, 3).entries()) expect(first[t]).toBeCloseTo(value, 4);
});

test("F3: a row's scores are the same to the last bit whatever stands beside it, and whatever the backward pass keeps", () => {
  const ids = Array.from({ length: 90 }, (_, i) => 7 + ((i * 31) % 200));
  const prompt = (i: number) => ids.slice(i, 20 + 2 * i);
  const answered = (i: number, length: number) => row([...prompt(i), ...ids.slice(3 * i, 3 * i + length)], 20 + i);
  const rows = Array.from({ length: 12 }, (_, i) => answered(i, 4 + 3 * i));
  const scored = (batches: Tokens[][][], recompute: Model["recompute"] = "attention") => {
    const { reference, kept } = watched({ ...model, recompute });
    for (const batch of batches) tf.dispose(reference.tokenLogProbs(batch, tokenBatch(batch, 0)));
    return kept;
  };
  const alone = scored(rows.map((one) => [[one]]));
  expect(alone.size).toBe(12);
  expect(scored([rows.map((one) => [one])])).toEqual(alone);
  expect(scored([rows.slice(3).map((one) => [one]), rows.map((one) => [one])], "none")).toEqual(alone);
  const besideLonger = scored([rows.map((one, i) => [one, answered(i, 50)])]);
  for (const [hash, scores] of alone) expect(besideLonger.get(hash)).toEqual(scores);
});

test("F3: kept scores that differ by a single bit are dropped, and a policy's name changes with precision, layers left in it and kernels", () => {
  const { reference, cache } = watched();
  tf.dispose(reference.tokenLogProbs(groups, tokenBatch(groups, 0)));
  expect(checkScores(reference, cache, groups)).toBeNull();
  const get = cache.get;
  cache.get = (hash) => get(hash)?.map((value, t) => (t === 1 ? value * (1 + 2 ** -23) : value));
  expect(checkScores(reference, cache, groups)).toContain("all are recomputed");
  cache.get = get;
  expect(reference.spotCheck(groups).rows).toBe(0);
  const names = [
    policyHash("base", { dtype: "float32", ...heldInFull }, null),
    policyHash("base", { dtype: "bfloat16", ...heldInFull }, null),
    ...[[], ["down_proj"], ["up_proj"]].map((unquantised) =>
      policyHash("base", { dtype: "bfloat16", quantisation: "nf4", unquantised }, null),
    ),
    policyHash("base", { dtype: "float32", ...heldInFull }, null, `${kernels()}, other`),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test("the spot check finds scores of another policy", () => {
  const { reference, cache } = watched();
  expect(reference.spotCheck(groups)).toEqual({ rows: 0, difference: 0 });
  tf.tidy(() => void reference.tokenLogProbs(groups, tokenBatch(groups, 0)));
  expect(reference.spotCheck(groups).difference).toBeLessThan(1e-4);
  const get = cache.get;
  cache.get = (hash) => get(hash)?.map((value) => value - 0.5);
  expect(reference.spotCheck(groups).difference).toBeCloseTo(0.5, 3);
});
