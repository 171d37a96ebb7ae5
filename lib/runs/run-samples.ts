// Sample completions of a run, and how what it learns from is distributed.
import "server-only";
import { asc, eq } from "drizzle-orm";
import { metricsDb } from "../db/client";
import { answers, histograms } from "../db/metrics-schema";
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

export const samplesOf = (runId: string): RunSamples => ({
  answers: answersOf(runId),
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
