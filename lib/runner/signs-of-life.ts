import { statSync } from "node:fs";

/** When the trainer last wrote to its events or dated them anew. Its clock need not be ours. */
export function signsOfLife(events: string): { last(): number; wait(): void } {
  let [date, at] = [0, Date.now()];
  return {
    /** None can be expected by now. */
    wait() {
      at = Date.now();
    },
    last() {
      const now = statSync(events, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (now !== date) [date, at] = [now, Date.now()];
      return at;
    },
  };
}
