// The runner outlives a database that cannot be written for a while: busy, or its disk full.
import { setTimeout as wait } from "node:timers/promises";
import { log } from "../logging/log";

const repeatMs = 60_000;
let [last, saidAt] = ["", 0];

/** The same again no more than once a minute: on a full disk it would be said several times a second. */
function say(error: unknown): void {
  const words = String(error);
  if (words === last && Date.now() - saidAt < repeatMs) return;
  [last, saidAt] = [words, Date.now()];
  log().error({ err: error }, "the runner goes on");
}

/** For what a timer does again anyway: an error is said. */
export function orSay(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    say(error);
  }
}

/** For what has to be done before anything else: tried until it works. */
export async function eventually<T>(work: () => T, pauseMs = 1000): Promise<T> {
  for (;;)
    try {
      return work();
    } catch (error) {
      say(error);
      await wait(pauseMs);
    }
}
