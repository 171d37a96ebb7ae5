// A run tried for a few steps, to see what it takes: memory at its peak, and seconds a step.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../common/command-line";
import { dataFolder } from "../../common/env";
import type { RunConfig } from "../../spec/config";
import type { DryRun, ScoredAnswer } from "../../spec/reports";
import { scoredNothing } from "../rewards/function/function";
import { silent } from "./observer";
import { peakMemory } from "./peak-memory";
import { run } from "./train";

/** Answers that are shown with their scores. */
const mostShown = 4;

/** Of dry runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(dataFolder())) {
    const [, pid] = /^dry-run-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(join("/proc", pid)))
      rmSync(join(dataFolder(), name), { recursive: true, force: true });
  }
}

/** The first steps as the run would make them; nothing of them is kept. */
export async function dryRun(config: RunConfig, steps = 4): Promise<DryRun> {
  mkdirSync(dataFolder(), { recursive: true, mode: 0o700 });
  removeLeftovers();
  const output = mkdtempSync(join(dataFolder(), `dry-run-${process.pid}-`)); // not where /tmp may be memory: activations can be in a file of it
  const enough = new AbortController();
  const rows: { step: number; seconds: number }[] = [];
  let totalSteps = 0;
  let scored: ScoredAnswer[] = [];
  try {
    await run(
      { ...config, output, logEvery: 1 },
      {
        signal: enough.signal,
        firstScores(first) {
          scored = first.slice(0, mostShown);
        },
        observer: {
          ...silent,
          waiting() {
            throw new Refusal(
              "a dry run asks neither people nor endpoints, which this run is judged by: start the run",
            );
          },
          note(text) {
            if (text.startsWith(scoredNothing)) throw new Error(text.slice(scoredNothing.length).trim()); // what it is tried for
          },
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
  const seconds = later.map(({ seconds }) => seconds);
  return { peak: peakMemory(), seconds, stepsEach: rows[0]!.step, totalSteps, scored };
}
