// A run with all that it logs, for tests: stopped after a step where one is given, and resumed from checkpoints.
import type { RunConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import type { TracedRollout } from "../spec/rollouts";
import { silent } from "../trainers/run/observer";
import type { Resume } from "../trainers/run/restore";
import { run } from "../trainers/run/train";

/** `saved` are the checkpoints, newest first; `checks` the names of the invariants that held. */
export async function tracedRun(config: RunConfig, resume: Resume[] = [], stopAfter = Number.POSITIVE_INFINITY) {
  const rows: MetricRow[] = [];
  const saved: Resume[] = [];
  const traced: TracedRollout[] = [];
  const checks: string[] = [];
  const stop = new AbortController();
  const observer = {
    ...silent,
    checked: ({ name }: { name: string }) => void checks.push(name),
    rollouts: (_: number, shown: TracedRollout[]) => void traced.push(...shown),
    metrics(row: MetricRow) {
      rows.push(row);
      if (row.step === stopAfter) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(config, { observer, signal: stop.signal, resume, attempt: resume.length + 1 });
  return { rows, saved, traced, checks };
}
