// Events of a trainer become rows: each once, whenever the runner is killed.
import { eq } from "drizzle-orm";
import type { DatedEvent } from "../../common/event-line";
import { alertWords } from "../../spec/alerts";
import type { EventOf, TrainerEvent } from "../../spec/events";
import { type MetricName, type MetricRow, metrics } from "../../spec/metrics/catalogue";
import { alerts, answers, checks, fences, histograms, rollouts } from "../db/metrics-schema";
import type { Tx } from "../history/compact";
import {
  type Attempt,
  dropBeyond,
  fenced,
  LeaseLost,
  putLogLine,
  putPoint,
  recordCheckpoint,
  recordNote,
  recordTotal,
} from "./attempts";

interface Piece {
  events: DatedEvent[];
  /** Lines that are no events, in words. */
  odd: { at: number; text: string }[];
  /** Bytes of the events file before this piece, and with it. */
  from: number;
  to: number;
}

/**
 * Writes a piece of `attempt`'s events for the attempt that holds the lease, its own or a later one. What goes into app.db can be written
 * twice without harm and comes first; the rest is one transaction with the place up to which the file has been read.
 */
export function recordEvents(attempt: Attempt, holder: Attempt, { events, odd, from, to }: Piece): void {
  for (const event of events) recordInApp(holder, attempt, event);
  fenced(attempt, (tx) => {
    const fence = tx.select().from(fences).where(eq(fences.runId, attempt.runId)).get()!;
    if (fence.bytesRead !== from) throw new LeaseLost(attempt.runId, attempt.attempt); // somebody else reads it too
    for (const event of events) put(tx, attempt, event);
    for (const { at, text } of odd) putLogLine(tx, attempt, text, at);
    tx.update(fences).set({ bytesRead: to }).where(eq(fences.runId, attempt.runId)).run();
  });
  const note = events.flatMap((event) => noteOf(event) ?? []).at(-1);
  if (note !== undefined) recordNote(holder, note); // last: pages read the log when they see it
}

function recordInApp(holder: Attempt, by: Attempt, event: DatedEvent): void {
  if (event.event === "started") recordTotal(holder, event.totalSteps);
  if (event.event !== "checkpoint") return;
  const { step, folder, manifestHash } = event;
  recordCheckpoint(holder, { step, folder, manifestHash }, event.at, by.attempt);
}

/** What the run is doing, as its page says it. */
function noteOf(event: TrainerEvent): string | null {
  if (event.event === "note") return event.text;
  if (event.event === "alert") return alertWords(event);
  if (event.event !== "started") return null;
  const { trainRows, heldOutRows, parameters } = event;
  return `training on ${trainRows} rows, ${heldOutRows} held out, ${parameters.toLocaleString("en")} trained parameters`;
}

function put(tx: Tx, attempt: Attempt, event: DatedEvent): void {
  const note = noteOf(event);
  if (note !== null) putLogLine(tx, attempt, note, event.at);
  if (event.event === "started") dropBeyond(tx, attempt, event.step);
  else if (event.event === "metrics") putPoint(tx, attempt, rowOf(event), event.at);
  else if (event.event === "samples") putSamples(tx, attempt, event);
  else if (event.event === "distribution") putDistribution(tx, attempt, event);
  else if (event.event === "rollouts") putRollouts(tx, attempt, event);
  else if (event.event === "alert") putAlert(tx, attempt, event);
  else if (event.event === "check") putCheck(tx, attempt, event);
  else if (event.event === "checkpoint") putLogLine(tx, attempt, `saved step ${event.step}`, event.at);
}

/** The metrics that the catalogue knows. */
export function rowOf({ step, values }: EventOf<"metrics">): MetricRow {
  const known = Object.entries(values).filter(([name]) => Object.hasOwn(metrics, name)) as [MetricName, number][];
  return { step, ...Object.fromEntries(known) };
}

function putSamples(tx: Tx, attempt: Attempt, { step, samples }: EventOf<"samples">): void {
  for (const [slot, sample] of samples.entries()) {
    const row = { ...attempt, ...sample, step, slot };
    tx.insert(answers)
      .values(row)
      .onConflictDoUpdate({ target: [answers.runId, answers.step, answers.slot], set: row })
      .run();
  }
}

function putDistribution(tx: Tx, attempt: Attempt, event: EventOf<"distribution">): void {
  const { step, name, low, high, counts } = event;
  const row = { ...attempt, step, name, low, high, counts };
  tx.insert(histograms)
    .values(row)
    .onConflictDoUpdate({ target: [histograms.runId, histograms.name, histograms.step], set: row })
    .run();
}

function putRollouts(tx: Tx, attempt: Attempt, event: EventOf<"rollouts">): void {
  const row = { ...attempt, step: event.step, rollouts: event.rollouts };
  tx.insert(rollouts)
    .values(row)
    .onConflictDoUpdate({ target: [rollouts.runId, rollouts.step], set: row })
    .run();
}

function putAlert(tx: Tx, attempt: Attempt, { rule, step, measured, at }: EventOf<"alert"> & { at: number }): void {
  tx.insert(alerts)
    .values({ ...attempt, rule, step, measured, at })
    .onConflictDoNothing()
    .run();
}

function putCheck(tx: Tx, attempt: Attempt, { name, detail }: EventOf<"check">): void {
  const row = { ...attempt, name, detail };
  tx.insert(checks)
    .values(row)
    .onConflictDoUpdate({ target: [checks.runId, checks.name], set: row })
    .run();
}
