// `npm run bench -- precision`: the demo's DPO run in both precisions, five seeds, 100 steps each, at the demo's learning rate and at a calmer one.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { type Observer, silent } from "../../trainers/run/observer";
import { run } from "../../trainers/run/train";
import type { PrecisionResult } from "./results";

const steps = 100;
const smoothing = 10;

async function train(dtype: "float32" | "bfloat16", seed: number, learningRate: number): Promise<MetricRow[]> {
  const rows: MetricRow[] = [];
  const config = runConfig.parse({
    method: "dpo",
    model: { source: "tiny", dtype },
    data: { train: "data/samples/film-reviews.jsonl.gz", heldOut: 0.1, maxLength: 128 },
    batchSize: 16,
    maxSteps: steps,
    evalEvery: steps,
    seed,
    optimizer: { learningRate, warmupRatio: 0.1 },
    dpo: { beta: 1 },
    output: mkdtempSync(join(tmpdir(), "workbench-precision-")),
  });
  const observer: Observer = { ...silent, metrics: (row) => void rows.push(row) };
  await run(config, { observer, signal: new AbortController().signal });
  return rows.filter(({ step }) => step > 0);
}

/** Mean loss of each window of ten steps. */
const smoothed = (rows: MetricRow[]) =>
  Array.from({ length: steps / smoothing }, (_, i) =>
    rows.slice(i * smoothing, (i + 1) * smoothing).reduce((sum, row) => sum + row.loss! / smoothing, 0),
  );

export async function precision(): Promise<void> {
  const runs: PrecisionResult["runs"] = [];
  for (const learningRate of [2e-4, 7e-4])
    for (const seed of [0, 1, 2, 3, 4]) {
      const exact = await train("float32", seed, learningRate);
      const narrow = await train("bfloat16", seed, learningRate);
      const [a, b] = [smoothed(exact), smoothed(narrow)];
      const accuracy = (rows: MetricRow[]) => rows.at(-1)!["eval_rewards/accuracies"]!;
      runs.push({
        learningRate,
        seed,
        curve: Math.max(...a.map((loss, i) => Math.abs(b[i]! / loss - 1))),
        accuracy: { float32: accuracy(exact), bfloat16: accuracy(narrow) },
      });
      process.stderr.write(`precision: ${JSON.stringify(runs.at(-1))}\n`);
    }
  writeFileSync(
    "tools/bench/results/precision.json",
    `${JSON.stringify({ steps, runs } satisfies PrecisionResult, null, 1)}\n`,
  );
}
