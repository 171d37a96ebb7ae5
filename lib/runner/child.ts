// One trainer process: asked to stop with SIGTERM, killed where it does not, its end turned into the run's next status.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runFolder } from "../../common/env";
import type { Run } from "../db/schema";
import { type Ended, endWords, startProgram } from "../jobs/spawn";
import { appendLog, checkpointsOf, getRun, recordNote } from "../runs/attempts";
import { beat, beatMs, type Claim, recordPid, release } from "./claim";
import { eventually, orSay } from "./retry";
import { notifyWebhook } from "./webhook";

const saved = 3; // trainers/run.ts: stopped after saving
const maxKills = 3;

/** How long a trainer is waited for, in milliseconds. */
export interface Limits {
  /** After Stop, whatever it does: an update of PPO on a real model is saved whole, and takes a minute. */
  stopMs: number;
  /** After Stop, without a sign of life: then no step is in hand that could be saved. */
  silenceMs: number;
  /** Without a sign of life, until the run's page says so: reading many rows may take minutes. */
  noticeMs: number;
}
const limitsOfOurs: Limits = { stopMs: 300_000, silenceMs: 30_000, noticeMs: 300_000 };

export interface Trainer {
  /** Asks it to save and end, and kills it where it does not. */
  stop(): void;
  ended: Promise<void>;
}

/** What trainers/run.ts sends: that it is alive, or the sentence about the error that ends it. */
const message = z.union([z.strictObject({ alive: z.literal(true) }), z.strictObject({ failed: z.string() })]);

/** Kills in a row of each run's trainers, whoever did it: memory that ran out, mostly. */
const kills = new Map<string, number>();

/** `shuttingDown` tells a stop that the user asked for from one that the next start is to resume. */
export function spawnTrainer({ run, attempt }: Claim, shuttingDown: () => boolean, limits = limitsOfOurs): Trainer {
  const folder = runFolder(run.id);
  mkdirSync(folder, { recursive: true });
  let [lastSign, noticed] = [Date.now(), false];
  let [stoppedAt, reason] = [null as number | null, null as string | null];
  const { child, ended } = startProgram("run.ts", [run.id, String(attempt)], {
    log: join(folder, `attempt-${attempt}.log`),
    message(sent) {
      const { data: told } = message.safeParse(sent); // a loader of TypeScript may send messages of its own
      if (!told) return;
      if ("failed" in told) reason = told.failed;
      lastSign = Date.now();
    },
  });
  child.stdout!.resume();
  if (child.pid) recordPid(run.id, attempt, child.pid);

  const stop = () => {
    if (stoppedAt !== null) return;
    stoppedAt = Date.now();
    child.kill("SIGTERM");
  };
  const note = (text: string) => {
    recordNote({ runId: run.id, attempt }, text);
    appendLog({ runId: run.id, attempt }, text, Date.now());
  };
  const watch = () => {
    const requested = getRun(run.id)?.requested;
    if (requested === "stop") stop();
    const silent = Date.now() - Math.max(lastSign, stoppedAt ?? 0);
    const waited = stoppedAt === null ? 0 : Date.now() - stoppedAt;
    if (requested === "stop-now" || waited > limits.stopMs || (stoppedAt !== null && silent > limits.silenceMs))
      child.kill("SIGKILL");
    const isQuiet = silent > limits.noticeMs;
    if (isQuiet === noticed) return;
    noticed = isQuiet;
    note(isQuiet ? silenceWords(limits.noticeMs) : "the trainer goes on");
  };
  const timers = [
    setInterval(() => orSay(() => beat(run.id, attempt, Date.now()) || child.kill("SIGKILL")), beatMs),
    setInterval(() => orSay(watch), 500),
  ];

  async function close(end: Ended): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    const requested = (await eventually(() => getRun(run.id)))?.requested;
    const asked = requested === "stop" || requested === "stop-now";
    const { status, error } = outcome(run.id, end, { reason, asked, shuttingDown: shuttingDown() });
    if (status === "stopped" && end.code !== saved) orSay(() => note(unsavedWords(run.id)));
    const lost = await eventually(() => release({ runId: run.id, attempt, now: Date.now(), status, error }));
    if (!lost) return; // another runner has the run
    if (status !== "queued") void notifyWebhook(notificationOf(run, status, error));
    for (const dependant of lost) void notifyWebhook(notificationOf(dependant, "failed", dependant.error));
  }
  return { stop, ended: ended.then(close) };
}

const silenceWords = (ms: number) =>
  `no sign of life from the trainer for ${Math.round(ms / 1000)} s: it may be stuck. Stop ends it; Resume goes on from the last checkpoint`;

const unsavedWords = (runId: string) =>
  `ended without saving the step in hand; Resume goes on from step ${checkpointsOf(runId)[0]?.step ?? 0}`;

type End = { status: "finished" | "stopped" | "queued" | "failed"; error: string | null };

function outcome(
  runId: string,
  end: Ended,
  { reason, asked, shuttingDown }: { reason: string | null; asked: boolean; shuttingDown: boolean },
): End {
  const { code, signal } = end;
  const count = (kills.get(runId) ?? 0) + 1;
  kills.delete(runId);
  if (code === 0) return { status: "finished", error: null };
  if (asked && (code === saved || signal)) return { status: "stopped", error: null };
  if (shuttingDown) return { status: "queued", error: null };
  if (code === saved) return { status: "stopped", error: null };
  const killed = signal === "SIGKILL" || signal === "SIGTERM" || code === 137;
  if (!killed) return { status: "failed", error: reason ?? endWords(end) };
  if (count === maxKills)
    return {
      status: "failed",
      error: `the trainer was killed ${maxKills} times; if memory ran out, halve the batch or the longest row`,
    };
  kills.set(runId, count);
  return { status: "queued", error: null };
}

const notificationOf = (run: Run, status: Exclude<End["status"], "queued">, error: string | null) => ({
  text: `${run.name} ${status}${error ? `: ${error}` : ""}`,
  run: { id: run.id, name: run.name },
  kind: status,
});
