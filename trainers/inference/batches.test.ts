import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { loadModel } from "../models/load";
import { columns, layoutOf, microBatches, tokenBatch } from "./batches";
import { sequenceLogProbs } from "./policy";

const row = (ids: number[], start: number) => ({
  input_ids: ids,
  completion_mask: ids.map((_, i) => (i < start ? 0 : 1)),
});

test("lists for each answer token the state before it, its label and whether it counts", () => {
  // prompt 1 7, answers 8 9 and 5; the last token of the first is not scored
  const chosen = { input_ids: [1, 7, 8, 9], completion_mask: [0, 0, 1, 0] };
  const batch = tokenBatch([[chosen, row([1, 7, 5], 2)]], 0);
  expect(batch.layout).toEqual({ rows: 1, prompt: 16, answers: 2, answer: 8 });
  const ids = [1, 7, ...Array<number>(14).fill(0), 8, 9, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];
  expect([...batch.ids.dataSync()]).toEqual(ids);
  expect([...batch.positions.dataSync()].slice(16)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...batch.states.dataSync()].filter((_, i) => [0, 1, 8].includes(i))).toEqual([1, 16, 1]);
  expect([...batch.labels.dataSync()].filter((_, i) => [0, 1, 8].includes(i))).toEqual([8, 9, 5]);
  expect([...batch.mask.dataSync()].flatMap((scored, i) => (scored ? [i] : []))).toEqual([0, 8]);
});

test("widths are rounded up by less than 16, and a prompt's never equals an answer's", () => {
  const tokens = (count: number) => Array.from({ length: count }, () => 7);
  const layouts = Array.from({ length: 100 }, (_, i) => layoutOf([[row(tokens(2 * i + 3), i + 2)]]));
  for (const [i, { prompt, answer }] of layouts.entries()) {
    expect([prompt - (i + 2), answer - (i + 1)].every((padding) => padding >= 0 && padding < 16)).toBe(true);
    expect(layouts.every((other) => other.answer !== prompt)).toBe(true);
  }
});

test("micro-batches hold every row once, within the budget or alone", () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    row(
      Array.from({ length: 4 + ((i * 7) % 30) }, (_, t) => t + 1),
      2,
    ),
  );
  const parts = microBatches(rows, (r) => [r], 128);
  expect(parts.flat()).toHaveLength(40);
  expect(new Set(parts.flat()).size).toBe(40);
  for (const part of parts) expect(part.length === 1 || columns(layoutOf(part.map((r) => [r]))) <= 128).toBe(true);
  expect(microBatches(rows, (r) => [r], 1)).toHaveLength(40);
});

test("refuses a row without a scored token", () => {
  expect(() => tokenBatch([[row([1, 2, 3], 3)]], 0)).toThrow(/row 0 of the batch has no scored token/);
});

test("a row's log-probability does not depend on padding, the pad id or its neighbours", async () => {
  const { model } = await loadModel({ source: "data/golden/trajectories/model", dtype: "float32" });
  const short = row([1, 40, 41, 42, 43], 3);
  const long = row(
    Array.from({ length: 30 }, (_, i) => 50 + i),
    10,
  );
  const logProb = (rows: (typeof short)[], pad: number) =>
    tf.tidy(
      () =>
        sequenceLogProbs(
          model,
          null,
          tokenBatch(
            rows.map((r) => [r]),
            pad,
          ),
        ).dataSync()[0]!,
    );
  const alone = logProb([short], 0);
  expect(logProb([short, long], 0)).toBeCloseTo(alone, 5);
  expect(logProb([short, long], 2)).toBeCloseTo(alone, 5);
});

test("answers that share a prompt score as they do alone", async () => {
  const { model } = await loadModel({ source: "data/golden/trajectories/model", dtype: "float32" });
  const prompt = Array.from({ length: 11 }, (_, i) => 60 + i);
  const answers = [[5, 9, 12, 200], [7], Array.from({ length: 20 }, (_, i) => 100 + i)];
  const rows = answers.map((answer) => row([...prompt, ...answer], prompt.length));
  const other = answers.map((answer) => row([3, ...answer], 1));
  const alone = rows.map((r) => tf.tidy(() => sequenceLogProbs(model, null, tokenBatch([[r]], 0)).dataSync()[0]!));
  const shared = tf.tidy(() => [...sequenceLogProbs(model, null, tokenBatch([other, rows], 0)).dataSync()]);
  // answer-major: answer 0 of both groups, answer 1, answer 2
  for (const [i, logProb] of alone.entries()) expect(shared[2 * i + 1]).toBeCloseTo(logProb, 4);
});
