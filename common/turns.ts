import { setImmediate } from "node:timers/promises";

const longestMs = 20;

/** For long work in the process that serves everybody: awaited between its pieces, it lets other requests have their turn in time. */
export function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longestMs) return;
    await setImmediate();
    since = performance.now();
  };
}
