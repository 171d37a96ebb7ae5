// An engine at work on an attempt: a child of the runner's, or a job on another machine.
import type { Ended, Started } from "../jobs/spawn";

export interface Working {
  /** Of a process of this machine. */
  pid: number | null;
  /** It has not begun: a machine has yet to be found for it. */
  waits(): boolean;
  /** Asks it to save and end. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
  /** Another runner has the run. */
  release(): void;
  /** The runner ends. A child ends with it; a job goes on and is found again by the next runner. */
  shutDown(): void;
  /** Null where it goes on and this runner no longer looks after it. */
  ended: Promise<Ended | null>;
}

export function childAtWork({ child, ended }: Started): Working {
  child.stdout!.resume();
  const [ask, kill] = [() => void child.kill("SIGTERM"), () => void child.kill("SIGKILL")];
  return { pid: child.pid ?? null, waits: () => false, stop: ask, kill, release: kill, shutDown: ask, ended };
}

/** Of one that could not be started. */
export function notAtWork(why: string): Working {
  const nothing = () => {};
  const ended = Promise.resolve({ code: 1, signal: null, words: [why] });
  return { pid: null, waits: () => false, stop: nothing, kill: nothing, release: nothing, shutDown: nothing, ended };
}
