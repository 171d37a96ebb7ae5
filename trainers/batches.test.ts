import { expect, test } from "vitest";
import { tokenBatch } from "./batches";
import { tf } from "./engine/tensorflow";
import { loadModel } from "./models/load";
import { sequenceLogProbs } from "./policy";

const row = (ids: number[], start: number) => ({
  input_ids: ids,
  completion_mask: ids.map((_, i) => (i < start ? 0 : 1)),
});

test("lists for each scored token the state before it, its label and its row", () => {
  const { ids, scored, labels, rows } = tokenBatch([row([1, 7, 8, 9], 2), row([1, 5], 1)], 0);
  expect(ids.shape).toEqual([2, 8]); // widths are multiples of 8
  expect([...scored.dataSync()]).toEqual([1, 2, 8]);
  expect([...labels.dataSync()]).toEqual([8, 9, 5]);
  expect([...rows.dataSync()]).toEqual([0, 0, 1]);
});

test("refuses a row without a scored token", () => {
  expect(() => tokenBatch([row([1, 2, 3], 3)], 0)).toThrow(/row 0 of the batch has no scored token/);
});

test("a row's log-probability does not depend on padding, the pad id or its neighbours", async () => {
  const { model } = await loadModel({ source: "data/golden/trajectories/model", dtype: "float32" });
  const short = row([1, 40, 41, 42, 43], 3);
  const long = row(
    Array.from({ length: 30 }, (_, i) => 50 + i),
    10,
  );
  const logProb = (rows: (typeof short)[], pad: number) =>
    tf.tidy(() => sequenceLogProbs(model, null, tokenBatch(rows, pad)).dataSync()[0]!);
  const alone = logProb([short], 0);
  expect(logProb([short, long], 0)).toBeCloseTo(alone, 5);
  expect(logProb([short, long], 2)).toBeCloseTo(alone, 5);
});
