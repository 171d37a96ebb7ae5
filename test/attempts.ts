// An attempt of a run as a test describes it, event by event.
import { type Attempt, dropBeyond, fenced, fenceOf, raiseFence } from "../lib/runs/attempts";
import { recordEvents } from "../lib/runs/record-events";
import type { TrainerEvent } from "../spec/events";
import type { MetricRow } from "../spec/metrics/catalogue";

export function beginAttempt(attempt: Attempt, step: number): void {
  raiseFence(attempt);
  fenced(attempt, (tx) => dropBeyond(tx, attempt, step));
}

/** As the runner records it once it has read its line. */
export function record(attempt: Attempt, event: TrainerEvent, at: number): void {
  const from = fenceOf(attempt.runId)!.bytesRead;
  recordEvents(attempt, attempt, { events: [{ ...event, at }], odd: [], from, to: from + 1 });
}

export const appendPoint = (attempt: Attempt, { step, ...values }: MetricRow, at: number): void =>
  record(attempt, { event: "metrics", step, values }, at);
