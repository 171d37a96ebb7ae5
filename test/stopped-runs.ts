// Runs of DPO that stop and go on, for tests.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunConfig, runConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import { silent } from "../trainers/run/observer";
import type { Resume } from "../trainers/run/restore";
import { run } from "../trainers/run/train";

const golden = "data/golden/trajectories";

export const configOf = (overrides: object = {}): RunConfig =>
  runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 4, alpha: 8 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    batchSize: 3,
    maxSteps: 9,
    saveEvery: 3,
    optimizer: { learningRate: 1e-3 },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });

/** Trains, aborting once `stopAfter` steps are done; returns losses by step and the checkpoints, newest first. */
export async function trained(
  run_: RunConfig,
  resume: Resume[] = [],
  stopAfter = Number.POSITIVE_INFINITY,
  allowChanged = false,
) {
  const losses = new Map<number, number>();
  const notes: string[] = [];
  const checkpoints: (Resume & { step: number })[] = [];
  const stop = new AbortController();
  const finished = await run(run_, {
    signal: stop.signal,
    resume,
    attempt: resume.length + 1,
    allowChanged,
    observer: {
      ...silent,
      note: (text) => notes.push(text),
      metrics({ step, loss }: MetricRow) {
        losses.set(step, loss!);
        if (step === stopAfter) stop.abort();
      },
      checkpoint: (step, folder, manifestHash) => void checkpoints.unshift({ step, folder, manifestHash }),
    },
  });
  return { finished, losses, notes, checkpoints };
}
