import { setImmediate } from "node:timers/promises";

const longestMs = 20;

/** For long work in the process that serves everybody: awaited between its pieces, it lets other requests have their turn in time. Null where it is not time yet. */
export function turns(): () => Promise<void> | null {
  let since = performance.now();
  const given = async () => {
    await setImmediate();
    since = performance.now();
  };
  return () => (performance.now() - since < longestMs ? null : given());
}
