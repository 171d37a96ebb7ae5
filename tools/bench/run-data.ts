// Runs with long histories for `npm run scale` and `npm run load`, through the same code that keeps real ones.
import { createRandom } from "../../common/random";
import { appDb, metricsDb } from "../../lib/db/client";
import { runs } from "../../lib/db/tables/runs";
import { putHistory } from "../../lib/history/compact";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { scaleCharts } from "./scale-figures";

/** Every chart moves slowly under noise, and now and then one step leaps; the counters count. */
export function createRow(seed: number): (step: number) => MetricRow {
  const random = createRandom("scale", seed);
  return (step) => {
    const row: MetricRow = { step, samples: 4 * step, num_tokens: 900 * step, elapsed: step * 0.4 };
    for (const [i, name] of scaleCharts.entries())
      row[name] = Math.sin(step / 1e5 + i) + random() + (random() < 1e-5 ? 20 : 0);
    return row;
  };
}

export function addRun(number: number): string {
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz" },
    seed: number,
    output: "unused",
  });
  const id = `scale${number}`;
  const row = { id, name: `Run ${number}`, method: "dpo" as const, config, status: "finished" as const };
  appDb()
    .insert(runs)
    .values({ ...row, createdAt: number, startedAt: number, finishedAt: number })
    .run();
  return id;
}

/** A finished run as a trainer leaves it: old rows in chunks, the newest as they are. Returns its id. */
export function seedRun(number: number, steps: number): string {
  const id = addRun(number);
  const row = createRow(number);
  const rows = Array.from({ length: steps }, (_, i) => row(i + 1));
  metricsDb().transaction((tx) => {
    for (const put of putHistory(id, rows, number)) put(tx);
  });
  return id;
}
