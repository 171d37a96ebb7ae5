// Completions that a run learned from, token by token.
import "server-only";
import { and, asc, eq } from "drizzle-orm";
import { metricsDb } from "../db/client";
import { rollouts } from "../db/metrics-schema";
import type { RunRollouts } from "./run-schema";

/** Those of a step, or the newest where none is named; and the steps that there are. */
export function rolloutsOf(runId: string, step: number | null): RunRollouts {
  const steps = metricsDb()
    .select({ step: rollouts.step })
    .from(rollouts)
    .where(eq(rollouts.runId, runId))
    .orderBy(asc(rollouts.step))
    .all()
    .map((row) => row.step);
  const wanted = step ?? steps.at(-1);
  if (wanted === undefined || !steps.includes(wanted)) return { steps, shown: null };
  const found = metricsDb()
    .select({ step: rollouts.step, rollouts: rollouts.rollouts })
    .from(rollouts)
    .where(and(eq(rollouts.runId, runId), eq(rollouts.step, wanted)))
    .get();
  return { steps, shown: found ?? null };
}
