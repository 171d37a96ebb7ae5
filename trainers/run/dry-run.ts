// A run tried for a few steps, to see what it takes: memory at its peak, and seconds a step.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunConfig } from "../../spec/config";
import type { DryRun } from "../../spec/reports";
import { silent } from "./observer";
import { peakMemory } from "./peak-memory";
import { run } from "./train";

/** The first steps as the run would make them; nothing of them is kept. */
export async function dryRun(config: RunConfig, steps = 4): Promise<DryRun> {
  const output = mkdtempSync(join(tmpdir(), "workbench-dry-run-"));
  const enough = new AbortController();
  const rows: { step: number; seconds: number }[] = [];
  let totalSteps = 0;
  try {
    await run(
      { ...config, output, logEvery: 1 },
      {
        signal: enough.signal,
        observer: {
          ...silent,
          started(info) {
            totalSteps = info.totalSteps;
          },
          metrics({ step, seconds }) {
            if (seconds === undefined) return; // what was measured before the first step
            rows.push({ step, seconds });
            if (rows.length === steps) enough.abort();
          },
        },
      },
    );
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  const later = rows.length > 1 ? rows.slice(1) : rows;
  return { peak: peakMemory(), seconds: later.map(({ seconds }) => seconds), stepsEach: rows[0]!.step, totalSteps };
}
