// Sample completions of a run, its log, and how what it learns from is distributed.
import "server-only";
import { asc, desc, eq } from "drizzle-orm";
import { metricsDb } from "../db/client";
import { answers, histograms, logLines } from "../db/metrics-schema";
import type { RunSamples, SampleDto } from "./run-schema";

function answersOf(runId: string): SampleDto[] {
  const rows = metricsDb()
    .select()
    .from(answers)
    .where(eq(answers.runId, runId))
    .orderBy(asc(answers.step), asc(answers.slot))
    .all();
  return rows.map(({ step, slot, prompt, answer, tokens, kl, reward, gold }) => ({
    step,
    slot,
    prompt: typeof prompt === "string" ? prompt : (prompt.at(-1)?.content ?? ""),
    answer,
    tokens,
    kl,
    reward,
    gold,
  }));
}

function logOf(runId: string): RunSamples["log"] {
  return metricsDb()
    .select({ at: logLines.at, text: logLines.text })
    .from(logLines)
    .where(eq(logLines.runId, runId))
    .orderBy(desc(logLines.seq))
    .limit(50)
    .all();
}

export const samplesOf = (runId: string): RunSamples => ({
  answers: answersOf(runId),
  log: logOf(runId),
  histograms: metricsDb()
    .select({
      step: histograms.step,
      name: histograms.name,
      low: histograms.low,
      high: histograms.high,
      counts: histograms.counts,
    })
    .from(histograms)
    .where(eq(histograms.runId, runId))
    .orderBy(asc(histograms.step))
    .all(),
});
