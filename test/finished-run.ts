// A run in this process that goes to its end, for tests.
import { expect } from "vitest";
import type { RunConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import { type Observer, silent } from "../trainers/run/observer";
import { run } from "../trainers/run/train";

/** What it logs. `waiting` is told which judgements it waits for. */
export async function rowsOf(config: RunConfig, waiting: Observer["waiting"] = () => {}): Promise<MetricRow[]> {
  const rows: MetricRow[] = [];
  const observer = { ...silent, waiting, metrics: (row: MetricRow) => void rows.push(row) };
  expect(await run(config, { observer, signal: new AbortController().signal })).toBe(true);
  return rows;
}
