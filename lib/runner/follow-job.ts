// A run's job on another machine, from its submission to its end. What it trains is read from the run's folder, as of a run here.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { explain } from "../../common/explain";
import { stopFile } from "../../spec/events";
import type { Machine } from "../db/tables/machines";
import type { Ended } from "../jobs/spawn";
import { cancelledFile, endFile, readEnd } from "../machines/job-end";
import { writeScript } from "../machines/job-script";
import type { JobState } from "../machines/scheduler";
import { schedulerOf } from "../machines/scheduler-of";
import type { Attempt } from "../runs/attempts";
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
  let id = job;
  let now: JobState["state"] = "waiting";
  let cancelled = false;
  let stopping = false;
  let said = "";

  const say = (text: string) => {
    if (text !== said) told.note(text);
    said = text;
  };

  async function submit(): Promise<string> {
    const submitted = await scheduler.submit(writeScript(folder, own, machine.settings));
    told.submitted(submitted);
    return submitted;
  }

  async function cancel(): Promise<void> {
    if (id === null || cancelled) return;
    cancelled = true;
    await scheduler.cancel(id).catch((error: unknown) => {
      cancelled = false; // tried again
      say(`${machine.name} does not cancel job ${id}: ${explain(error)}`);
    });
  }

  /** Null where the scheduler does not answer: what it last said holds. */
  const ask = (): Promise<JobState | null> =>
    scheduler.state(id!).catch((error: unknown) => {
      say(`${machine.name} does not answer: ${explain(error)}`);
      return null;
    });

  async function untilEnd(): Promise<Ended> {
    id ??= await submit();
    for (;;) {
      const state = await ask();
      if (state) now = state.state;
      if (state?.state === "ended") return (await ending()) ?? lost(state.words);
      if (state) say(`job ${id} on ${machine.name}: ${state.words}`);
      if (stopping && now === "waiting") return takenBack();
      await wait(pauseMs, undefined, { signal: left.signal });
    }
  }

  /** Without waiting for the scheduler, which may be slow to cancel or not answer. */
  async function takenBack(): Promise<Ended> {
    writeFileSync(cancelledFile(folder, own.attempt), "");
    await cancel();
    return { code: null, signal: "SIGTERM", words: ["cancelled before it began"] };
  }

  async function ending(): Promise<Ended | null> {
    for (const until = Date.now() + (cancelled ? 0 : settleMs); ; ) {
      const found = readEnd(end);
      if (found || Date.now() >= until) return found;
      await wait(pauseMs, undefined, { signal: left.signal });
    }
  }

  const lost = (words: string): Ended => ({
    code: null,
    signal: cancelled ? "SIGTERM" : null,
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
      stopping = true; // of a job that has yet to begin it may take long
      void cancel();
    },
    release: () => left.abort(),
    shutDown: () => left.abort(),
    ended: untilEnd().catch((error: unknown) => {
      if (left.signal.aborted) return null;
      return { code: 1, signal: null, words: [explain(error)] };
    }),
  };
}
