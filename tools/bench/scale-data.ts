// Histories for `npm run scale`, through the same code that keeps real ones: `scale-data.ts seed RUNS STEPS` writes runs of that many steps,
// `scale-data.ts live RUN STEPS PER_SECOND` goes on with one as a trainer would.
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../../common/random";
import { appDb, metricsDb } from "../../lib/db/client";
import { runs } from "../../lib/db/schema";
import { putHistory } from "../../lib/history/compact";
import { appendPoint, beginAttempt } from "../../lib/runs/attempts";
import { migrateDatabases } from "../../lib/setup/migrate";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { scaleCharts } from "./scale-figures";

/** Every chart moves slowly under noise, and now and then one step leaps; the counters count. */
function createRow(seed: number): (step: number) => MetricRow {
  const random = createRandom("scale", seed);
  return (step) => {
    const row: MetricRow = { step, samples: 4 * step, num_tokens: 900 * step, elapsed: step * 0.4 };
    for (const [i, name] of scaleCharts.entries())
      row[name] = Math.sin(step / 1e5 + i) + random() + (random() < 1e-5 ? 20 : 0);
    return row;
  };
}

function addRun(number: number): string {
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny" },
    data: { train: "data/samples/film-reviews.jsonl.gz" },
    seed: number,
    output: "unused",
  });
  const id = `scale${number}`;
  const row = { id, name: `Run ${number}`, method: "dpo", config, status: "finished" as const };
  appDb()
    .insert(runs)
    .values({ ...row, createdAt: number, startedAt: number, finishedAt: number })
    .run();
  return id;
}

/** As a trainer leaves it: old rows in chunks, the newest as they are. */
function seed(count: number, steps: number): void {
  migrateDatabases();
  for (let number = 1; number <= count; number++) {
    const id = addRun(number);
    const row = createRow(number);
    const rows = Array.from({ length: steps }, (_, i) => row(i + 1));
    metricsDb().transaction((tx) => {
      for (const put of putHistory(id, rows, number)) put(tx);
    });
    process.stdout.write(`${id}\n`);
  }
}

async function live(number: number, steps: number, perSecond: number): Promise<void> {
  const attempt = { runId: addRun(number), attempt: 1 };
  beginAttempt(attempt, 0);
  process.stdout.write(`${attempt.runId}\n`);
  const row = createRow(number);
  const [started, batch] = [Date.now(), Math.ceil(perSecond / 10)];
  for (let step = 1; step <= steps; step++) {
    appendPoint(attempt, row(step), Date.now());
    if (step % batch === 0) await wait(Math.max(0, started + (1000 * step) / perSecond - Date.now()));
  }
}

const [command, ...numbers] = process.argv.slice(2);
const [a, b, c] = numbers.map(Number) as [number, number, number];
if (command === "seed") seed(a, b);
else await live(a, b, c);
