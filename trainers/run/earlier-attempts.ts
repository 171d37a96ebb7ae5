// What earlier attempts left in a run's output folder.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { allLines } from "../../common/appended-lines";
import type { RunConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { currentMetricNames } from "../../spec/metrics/former-names";
import { flat } from "../../spec/paths";
import { storedConfig } from "../../spec/stored-config";
import { processFile } from "../models/score-head";

/** Fields of the run file that are not what the earlier attempts were run with, in words. What they left open and filled in is no change. */
export function changedFields(config: RunConfig): string[] {
  const file = join(config.output, "run.json");
  if (!existsSync(file)) return [];
  const [was, is] = [flat(storedConfig(JSON.parse(readFileSync(file, "utf8")))), flat(config)];
  const open: Record<string, string> = { recompute: "auto", microBatchTokens: "null" };
  const byNumber = /^(snapshot|labelled):\d+$/; // older versions kept these names of files, whose content is compared anyway
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter(
      (path) =>
        path !== "output" && was[path] !== is[path] && is[path] !== open[path] && !byNumber.test(was[path] ?? ""),
    )
    .map((path) => `${path} was ${was[path] ?? "not given"} and is ${is[path] ?? "not given"}`);
}

/** What they logged up to a step; an unfinished last line is none. */
export function* loggedUpTo(log: string, step: number): Generator<MetricRow> {
  if (!existsSync(log)) return;
  for (const line of allLines(log)) {
    const row = currentMetricNames(JSON.parse(line)) as MetricRow;
    if (row.step <= step) yield row;
  }
}

/** Takes away what would be mixed with a new run's. */
export function clearAttempts(output: string): void {
  const events = readdirSync(output).filter((name) => /^events-\d+\.ndjson$/.test(name));
  for (const name of ["checkpoints", "best", "best.json", "metrics.ndjson", "reward.json", processFile, ...events])
    rmSync(join(output, name), { recursive: true, force: true });
}
