import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { appendPoint, beginAttempt } from "../../test/attempts";
import { freshDatabase, seedRun } from "../../test/database";
import { metricsDb } from "../db/client";
import { points, summaries } from "../db/metrics-schema";
import { chunkRows, sizes } from "./blocks";
import { appendChunk, summariseBlocks } from "./compact";
import { latestOf, rowsOf, rowsWith } from "./metric-rows";
import { type History, historyOf, stepsAround } from "./read-history";
import { smoothingWeights } from "./smoothing";

freshDatabase();

/** Loss at every step, with spikes; a counter that rests now and then; held-out loss at every 50th, with its standard error. */
function history(length: number, seed = 0): MetricRow[] {
  const random = createRandom("history", seed);
  return Array.from({ length }, (_, i): MetricRow => {
    const loss = Math.sin(i / 300) + random() + (random() < 0.002 ? 50 * (random() - 0.5) : 0);
    return {
      step: i + 1,
      loss,
      samples: 200 * Math.floor(i / 300) + Math.min(i % 300, 200),
      ...(i % 50 === 49 && { eval_loss: loss / 2, eval_loss_se: 0.1 }),
    };
  });
}

let runs = 0;

/** A run with the first rows in chunks of different sizes, the last hundred or more as they are. */
function stored(rows: MetricRow[]): string {
  const runId = `stored ${runs++}`;
  let at = 0;
  for (let size = 100; at + size < rows.length - 100; size = 100 + ((size * 7) % 300)) {
    appendChunk(metricsDb(), runId, rows.slice(at, at + size));
    at += size;
  }
  for (const { step, ...values } of rows.slice(at))
    metricsDb().insert(points).values({ runId, step, attempt: 1, at: 0, values }).run();
  return runId;
}

const lowest = ({ mean, extremes }: History) => extremes?.min ?? mean;
const highest = ({ mean, extremes }: History) => extremes?.max ?? mean;
const whole = { columns: 20, smooth: 0 };

test("at every zoom the lowest and highest points are those of the history, and as many entries as columns are there", () => {
  const rows = history(12_000);
  const id = stored(rows);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 11_990 }), fc.integer({ min: 10, max: 12_000 }), (from, length) => {
      const to = Math.min(12_000, from + length);
      const inside = rows.filter(({ step }) => step >= from && step <= to).map(({ loss }) => loss!);
      const seen = historyOf(id, "loss", { ...whole, from, to });
      expect(seen.step.length).toBeGreaterThanOrEqual(Math.min(whole.columns, inside.length));
      expect(seen.step.length).toBeLessThanOrEqual(sizes[0] * whole.columns + 1000); // whole chunks, and rows in none yet
      expect(Math.min(...lowest(seen))).toBeLessThanOrEqual(Math.min(...inside));
      expect(Math.max(...highest(seen))).toBeGreaterThanOrEqual(Math.max(...inside));
      // each extreme stands where it was
      const lossAt = (step: number) => rows[step - 1]!.loss;
      for (const [i, step] of (seen.extremes?.argmaxStep ?? seen.step).entries())
        expect(highest(seen)[i]).toBe(lossAt(step));
      for (const [i, step] of (seen.extremes?.argminStep ?? seen.step).entries())
        expect(lowest(seen)[i]).toBe(lossAt(step));
    }),
    { numRuns: 60 },
  );
});

test("a spike of one step is in what is shown, at every zoom that holds it", () => {
  const rows = history(12_000);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12_000 }), fc.integer({ min: 5, max: 12_000 }), (spike, reach) => {
      const id = stored(rows.map((row) => (row.step === spike ? { ...row, loss: 1000 } : row)));
      const seen = historyOf(id, "loss", { ...whole, from: spike - reach, to: spike + reach });
      expect(highest(seen)).toContain(1000);
    }),
    { numRuns: 8 },
  );
});

test("zoomed in, every point is there as it was; sparse metrics too", () => {
  const rows = history(12_000);
  const id = stored(rows);
  const near = historyOf(id, "loss", { columns: 100, smooth: 0, from: 5000, to: 5600 });
  expect(near.extremes).toBeNull();
  const shown = rows.filter(({ step }) => step >= near.step[0]! && step <= near.step.at(-1)!);
  expect(near.mean).toEqual(shown.map(({ loss }) => loss));
  expect([near.step[0]! < 5000, near.step.at(-1)! > 5600]).toEqual([true, true]);
  const rare = historyOf(id, "eval_loss", whole);
  expect(rare.mean).toEqual(rows.flatMap(({ eval_loss }) => eval_loss ?? []));
});

test("smoothing knows the whole history from every distance, starts without a bias, and keeps a constant", () => {
  const rows = history(12_000);
  const id = stored(rows);
  for (const smooth of smoothingWeights) {
    // s_t = Σ wⁱ y_{t−i} / Σ wⁱ, added up from the back
    const direct = (step: number) => {
      let [sum, weights, weight] = [0, 0, 1];
      for (let i = step; i >= 1 && weight > 1e-18; i--) {
        sum += weight * rows[i - 1]!.loss!;
        weights += weight;
        weight *= smooth;
      }
      return sum / weights;
    };
    for (const span of [{ from: 5000, to: 5600 }, { from: 1000, to: 4000 }, {}, { from: 11_950 }]) {
      const seen = historyOf(id, "loss", { ...whole, ...span, smooth });
      for (const [i, step] of seen.step.entries()) expect(seen.smooth[i]).toBeCloseTo(direct(step), 9);
    }
  }
  const constant = stored(rows.map(({ step }) => ({ step, loss: 3 })));
  for (const value of historyOf(constant, "loss", { ...whole, smooth: 0.99 }).smooth) expect(value).toBeCloseTo(3, 12);
});

test("the steps around a stretch of a counter hold all that it holds, and little more", () => {
  const rows = history(12_000);
  const id = stored(rows);
  const last = rows.at(-1)!.samples!;
  fc.assert(
    fc.property(fc.integer({ min: -5, max: last }), fc.integer({ min: 0, max: last }), (from, length) => {
      const around = stepsAround(id, "samples", { from, to: from + length });
      const inside = rows.filter(({ samples }) => samples! >= from && samples! <= from + length);
      fc.pre(inside.length > 0);
      const [first, end] = [inside[0]!.step, inside.at(-1)!.step];
      expect(around.from ?? 1).toBeLessThanOrEqual(first);
      expect(around.to ?? 12_000).toBeGreaterThanOrEqual(end);
      expect((around.to ?? 12_000) - (around.from ?? 1)).toBeLessThan(end - first + 2 * chunkRows);
    }),
  );
});

test("blocks that were stored before their summaries had this form get them when the workbench starts", () => {
  const id = stored(history(12_000));
  const spans = [{ from: 5000, to: 5600 }, { from: 200, to: 9000 }, { from: 11_000 }, {}];
  const seen = () => spans.map((span) => historyOf(id, "loss", { ...whole, ...span, smooth: 0.9 }));
  const [before, latest] = [seen(), latestOf(id)];
  metricsDb().delete(summaries).run();
  summariseBlocks(metricsDb());
  expect(seen()).toEqual(before);
  expect(latestOf(id)).toEqual(latest);
});

test("rows come back as they were logged, with the newest value of each metric", () => {
  const rows = history(3000);
  const id = stored(rows);
  expect([...rowsOf(id)]).toEqual(rows);
  expect(latestOf(id)).toEqual({ ...rows[2999], step: undefined });
});

test("rows with a metric come with those of the prefixes, from chunks and from the newest alike", () => {
  const rows = history(2_000);
  const found = rowsWith(stored(rows), "eval_loss", "eval_", "samples");
  const evaluated = rows.filter(({ eval_loss }) => eval_loss !== undefined);
  const named = ({ step, samples, eval_loss, eval_loss_se }: MetricRow) => ({ step, samples, eval_loss, eval_loss_se });
  expect(found.map(named)).toEqual(evaluated.map(named));
  expect(found[0]).not.toHaveProperty("loss");
});

test("a run that logs, stops and goes on from an older step has the history of one that never stopped", () => {
  seedRun("a");
  const attempt = { runId: "a", attempt: 1 };
  beginAttempt(attempt, 0);
  const length = 2 * chunkRows + 300;
  const first = history(length, 1);
  const again = history(length, 2);
  for (const row of first) appendPoint(attempt, row, 1);
  for (const [n, step] of [chunkRows + 500, 700, chunkRows].entries()) {
    const next = { runId: "a", attempt: n + 2 };
    beginAttempt(next, step);
    const kept = [...rowsOf("a")];
    expect(kept.map((row) => row.step)).toEqual(Array.from({ length: step }, (_, i) => i + 1));
    for (const row of again.slice(step)) appendPoint(next, row, 1);
  }
  const expected = [...first.slice(0, 700), ...again.slice(700)];
  expect([...rowsOf("a")]).toEqual(expected);
  const straight = stored(expected);
  const smooth = (id: string) => historyOf(id, "loss", { from: length - 50, columns: 400, smooth: 0.9 }).smooth.at(-1)!;
  expect(smooth("a")).toBeCloseTo(smooth(straight), 9);
  expect(
    metricsDb()
      .select()
      .from(points)
      .all()
      .filter(({ runId }) => runId === "a").length,
  ).toBeLessThan(1100);
});
