// The runner outlives a database that cannot be written for a while: busy, or its disk full.
import { setTimeout as wait } from "node:timers/promises";
import { log } from "../logging/log";

const say = (error: unknown) => log().error({ err: error }, "the runner goes on");

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
