import { beforeAll, expect, test } from "vitest";
import { tokenBatch } from "./batches";
import { tf } from "./engine/tensorflow";
import { loadModel } from "./models/load";
import type { Model } from "./models/transformer";
import { tokenLogProbs } from "./policy";
import { createReference, memoryCache } from "./reference";

let model: Model;
beforeAll(async () => {
  ({ model } = await loadModel({ source: "data/golden/trajectories/model", dtype: "float32" }));
});

const row = (ids: number[], start: number) => ({
  input_ids: ids,
  completion_mask: ids.map((_, i) => (i < start ? 0 : 1)),
});
const groups = Array.from({ length: 10 }, (_, i) => [row([1, 7 + i, 8, 9, 10], 2), row([1, 7 + i, 30, 31], 2)]);

/** Scores a batch in a tidy; also says how many rows were put into the cache. */
function watched() {
  const cache = memoryCache();
  let puts = 0;
  const put = cache.put;
  cache.put = (rows) => {
    puts += rows.size;
    put(rows);
  };
  return { cache, reference: createReference({ model, adapter: null, cache, pad: 0 }), puts: () => puts };
}

test("a row is scored once, whatever batch it stands in later", () => {
  const { reference, puts } = watched();
  const scores = (some: typeof groups) =>
    tf.tidy(
      () => reference.tokenLogProbs(some, tokenBatch(some, 0)).arraySync() as unknown as tf.TensorContainer,
    ) as unknown as number[][];
  const [first] = [scores(groups.slice(0, 3))];
  expect(puts()).toBe(6);
  const again = scores([groups[2]!, groups[0]!]);
  expect(puts()).toBe(6);
  // answer-major: chosen of each group, then rejected; three answer tokens, then two
  expect(again.map((r) => r.slice(0, 2))).toEqual(
    [first![2], first![0], first![5], first![3]].map((r) => r!.slice(0, 2)),
  );
  const plain = tf.tidy(() => tokenLogProbs(model, null, tokenBatch([groups[0]!], 0)).arraySync()) as number[][];
  for (const [t, value] of plain[0]!.slice(0, 3).entries()) expect(first![0]![t]).toBeCloseTo(value, 4);
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
