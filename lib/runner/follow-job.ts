// A run's job on another machine, from its submission to its end. What it trains is read from the run's folder, as of a run here.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { explain } from "../../common/explain";
import { eventsFile, stopFile } from "../../spec/events";
import type { Machine } from "../db/tables/machines";
import type { Ended } from "../jobs/spawn";
import { endFile, readEnd } from "../machines/job-end";
import type { JobState } from "../machines/scheduler";
import { schedulerOf } from "../machines/scheduler-of";
import { want } from "../machines/wanted-job";
import type { Attempt } from "../runs/attempts";
import { jobNotes } from "./job-notes";
import { eventually, orSay } from "./retry";
import { submitJob } from "./submit-job";
import type { Working } from "./working";

/**
 * Milliseconds between two questions to a scheduler, which may have thousands of jobs to tell of, and until a file that was written on another machine
 * must be seen here: NFS keeps what it knows of a folder for up to a minute.
 */
const usual = { pauseMs: 2000, settleMs: 60_000 };

interface Told {
  /** The job has this id from now on. */
  submitted: (id: string) => void;
  /** A sentence for the run's page. */
  note: (text: string) => void;
}

/** `job`: its id where it has been submitted before. */
export function followJob(
  folder: string,
  own: Attempt,
  { machine, job, told }: { machine: Machine; job: string | null; told: Told },
  { pauseMs, settleMs } = usual,
): Working {
  const scheduler = schedulerOf(machine.settings);
  const end = endFile(folder, own.attempt);
  const left = new AbortController();
  const { signal } = left;
  const { show, fail } = jobNotes(told.note, settleMs);
  let id = job;
  let now: JobState["state"] = job === null ? "waiting" : "running"; // one that is taken up may train by now
  let cancelled = false;
  let stopping = false;
  let killedAt: number | null = null;

  const pause = () => wait(pauseMs, undefined, { signal });
  const giveUp = () => want(folder, own.attempt, null);
  const hasBegun = () => existsSync(join(folder, eventsFile(own.attempt)));

  async function submit(): Promise<string | null> {
    const failed = (error: Error) => fail(`waiting for ${machine.name}: ${explain(error)}`);
    const submitted = await submitJob(folder, own, machine, { pauseMs, signal, stopping: () => stopping, failed });
    if (submitted !== null) told.submitted(submitted);
    return submitted;
  }

  async function cancel(): Promise<void> {
    if (id === null || cancelled) return;
    cancelled = true;
    await scheduler.cancel(id).catch((error: unknown) => {
      cancelled = false; // tried again
      fail(`${machine.name} does not cancel job ${id}: ${explain(error)}`);
    });
  }

  /** Null where the scheduler does not answer: what it last said holds. */
  const ask = (): Promise<JobState | null> =>
    scheduler.state(id!).catch((error: unknown) => {
      fail(`${machine.name} does not answer: ${explain(error)}`);
      return null;
    });

  async function untilEnd(): Promise<Ended> {
    id ??= await submit();
    if (id === null) return stopped("stopped before it was submitted");
    for (;;) {
      const state = await ask();
      if (state) now = state.state;
      const ended = state?.state === "ended" ? await endOrLoss() : await endOtherwise(state);
      if (ended) return ended;
      if (state && state.state !== "ended") show(`job ${id} on ${machine.name}: ${state.words}`);
      await pause();
    }
  }

  /** Of a job that has ended, the scheduler says. Null where it says otherwise once more: a job is queued anew some time after its node was lost. */
  async function endOrLoss(): Promise<Ended | null> {
    const found = await ending();
    if (found) return found;
    const again = await ask();
    return again?.state === "ended" ? lost(again.words) : null;
  }

  /** Of a job that its scheduler does not know to have ended. What it left in the run's folder counts where there is no answer, and where no answer is waited for. */
  async function endOtherwise(state: JobState | null): Promise<Ended | null> {
    if (stopping && state?.state === "waiting") return takenBack();
    if (state && killedAt === null) return null;
    const found = readEnd(end);
    if (found && (stopping || found.code === 0)) return found;
    if (stopping && !hasBegun()) return takenBack();
    return killedAt !== null && Date.now() - killedAt > settleMs ? stopped("killed, and not heard of since") : null;
  }

  /** Without waiting for the job's end, which the scheduler may bring about late. */
  async function takenBack(): Promise<Ended> {
    giveUp();
    await cancel();
    return stopped("cancelled before it began");
  }

  async function ending(): Promise<Ended | null> {
    for (const until = Date.now() + (killedAt === null ? settleMs : 0); ; ) {
      const found = readEnd(end);
      if (found || Date.now() >= until) return found;
      await pause();
    }
  }

  const lost = (words: string): Ended => ({
    code: null,
    signal: killedAt === null ? null : "SIGTERM",
    words: [
      `job ${id} on ${machine.name} ended, and the trainer left no word: ${words}. Resume goes on from the last checkpoint`,
    ],
  });

  return {
    pid: null,
    waits: () => now === "waiting",
    stop() {
      stopping = true;
      writeFileSync(join(folder, stopFile), "");
    },
    kill() {
      stopping = true;
      if (killedAt === null) orSay(giveUp); // a job at work ends by itself, whether or not its scheduler can be reached
      killedAt ??= Date.now();
      void cancel();
    },
    release: () => left.abort(),
    shutDown: () => left.abort(),
    ended: untilEnd()
      .catch((error: unknown) => (signal.aborted ? null : { code: 1, signal: null, words: [explain(error)] }))
      .then(async (ended) => {
        if (ended) await eventually(giveUp); // from here on nobody follows it
        return ended;
      }),
  };
}

const stopped = (how: string): Ended => ({ code: null, signal: "SIGTERM", words: [how] });
