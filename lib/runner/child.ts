// One attempt at a run, by a child or by a job on another machine: its events followed into the databases, asked to stop, killed where it does
// not, its end turned into the run's next status.
import { join } from "node:path";
import { savedStatus } from "../../spec/engines";
import { eventsFile } from "../../spec/events";
import type { Run } from "../db/tables/runs";
import type { Ended } from "../jobs/spawn";
import { appendLog, checkpointsOf, endAttempt, getRun, LeaseLost, recordNote } from "../runs/attempts";
import { folderOf } from "../runs/folder";
import { beat, beatMs, type Claim, isElsewhere, recordPid, release } from "./claim";
import { createListener } from "./listener";
import { type End, outcome } from "./outcome";
import { eventually, orSay } from "./retry";
import { judgedBy, reachRung } from "./rungs";
import { signsOfLife } from "./signs-of-life";
import { startEngine } from "./start-engine";
import { readEvents } from "./tail";
import { notifyWebhook } from "./webhook";

const tailMs = 100;

/** How long a trainer is waited for, in milliseconds. */
export interface Limits {
  /** After Stop, whatever it does: an update of PPO on a real model is saved whole, and takes a minute. */
  stopMs: number;
  /** After Stop, without a sign of life: then no step is in hand that could be saved. */
  silenceMs: number;
  /** Without a sign of life, until the run's page says so: reading many rows may take minutes. */
  noticeMs: number;
}
const limitsHere: Limits = { stopMs: 300_000, silenceMs: 30_000, noticeMs: 300_000 };
/** A shared file system may show a new date, or a new file, a minute late: NFS keeps what it knows of a folder so long. */
const limitsElsewhere: Limits = { stopMs: 600_000, silenceMs: 180_000, noticeMs: 600_000 };

export interface Trainer {
  /** Asks it to save and end, and kills it where it does not. */
  stop(): void;
  /** The runner ends: a child is asked to save, a job is left to itself and found again. */
  shutDown(): void;
  ended: Promise<void>;
}

/** Throws where databases or disk do not allow it for now. `shuttingDown` tells a stop that the user asked for from one that the next start is to resume; `processors` are those that it may use here, null for all. */
export function spawnTrainer(
  claim: Claim,
  shuttingDown: () => boolean,
  limits = isElsewhere(claim.run) ? limitsElsewhere : limitsHere,
  processors: string | null = null,
): Trainer {
  const { run, attempt, owner } = claim;
  const own = { runId: run.id, attempt };
  const holder = { ...own, owner };
  const folder = folderOf(run);
  const [log, events] = [join(folder, `attempt-${attempt}.log`), join(folder, eventsFile(attempt))];
  const signs = signsOfLife(events);
  let noticed = false;
  let stoppedAt: number | null = null;
  const note = (text: string) => {
    appendLog(own, text, Date.now()); // first: pages read the log when they see the note
    recordNote(own, text);
  };
  const engine = startEngine(claim, { log, note: (text) => orSay(() => note(text)), processors });
  if (engine.pid) orSay(() => recordPid(holder, engine.pid!));

  const stop = () => {
    if (stoppedAt !== null) return;
    stoppedAt = Date.now();
    engine.stop();
  };
  const judged = judgedBy(run);
  const listener = createListener(run, folder, log);
  const follow = () =>
    readEvents(folder, own, own, (event) => {
      listener.hear(event);
      const value = event.event === "metrics" && judged ? event.values[judged] : undefined;
      if (event.event !== "metrics" || value === undefined) return;
      orSay(() => reachRung(run.id, { step: event.step, value }) && stop());
    });
  const watch = () => {
    const requested = getRun(run.id)?.requested;
    if (requested === "stop" || requested === "hold") stop();
    if (engine.waits()) signs.wait();
    const silent = Date.now() - Math.max(signs.last(), stoppedAt ?? 0);
    const waited = stoppedAt === null ? 0 : Date.now() - stoppedAt;
    if (requested === "stop-now" || waited > limits.stopMs || (stoppedAt !== null && silent > limits.silenceMs))
      engine.kill();
    const isQuiet = silent > limits.noticeMs;
    if (isQuiet === noticed) return;
    noticed = isQuiet;
    note(isQuiet ? silenceWords(limits.noticeMs) : "the trainer goes on");
  };
  const timers = [
    setInterval(() => orSay(() => beat(holder, Date.now()) || engine.release()), beatMs),
    setInterval(() => orSay(watch), 500),
    setInterval(() => orSay(follow), tailMs),
    setInterval(() => orSay(listener.serve), 500),
  ];

  async function close(end: Ended | null): Promise<void> {
    for (const timer of timers.slice(1)) clearInterval(timer);
    listener.close();
    if (end === null) return clearInterval(timers[0]);
    const lostRun = await eventually(() => lastEvents(own, follow));
    clearInterval(timers[0]);
    if (lostRun) return; // another runner has the run
    const requested = (await eventually(() => getRun(run.id)))?.requested;
    const asked = requested === "stop" || requested === "stop-now" ? "stop" : requested === "hold" ? "hold" : null;
    const told = { reason: listener.reason(), asked, shuttingDown: shuttingDown() } as const;
    const ending = outcome(run.id, end, told);
    const { status, error } = ending;
    if (status === "stopped" && end.code !== savedStatus) orSay(() => note(unsavedWords(run.id)));
    const lost = await eventually(() => release(holder, { ...ending, now: Date.now() }));
    if (!lost) return;
    await listener.notified(); // before that of the end
    if (status !== "queued") void notifyWebhook(notificationOf(run, status, error));
    for (const dependant of lost) void notifyWebhook(notificationOf(dependant, "failed", dependant.error));
  }
  return { stop, shutDown: engine.shutDown, ended: engine.ended.then(close) };
}

/** What it reported last, and its history brought into the form that is read; whether another runner has taken the run over. */
function lastEvents(own: { runId: string; attempt: number }, follow: () => void): boolean {
  try {
    follow();
    endAttempt(own);
    return false;
  } catch (error) {
    if (error instanceof LeaseLost) return true;
    throw error;
  }
}

const silenceWords = (ms: number) =>
  `no sign of life from the trainer for ${Math.round(ms / 1000)} s: it may be stuck. Stop ends it; Resume goes on from the last checkpoint`;

const unsavedWords = (runId: string) =>
  `ended without saving the step in hand; Resume goes on from step ${checkpointsOf(runId)[0]?.step ?? 0}`;

const notificationOf = (run: Run, status: Exclude<End["status"], "queued">, error: string | null) => ({
  text: `${run.name} ${status}${error ? `: ${error}` : ""}`,
  run: { id: run.id, name: run.name },
  kind: status,
});
