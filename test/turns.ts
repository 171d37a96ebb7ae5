// Whether long work lets other requests have their turn, told without waiting for a clock.
import { vi } from "vitest";

/** How many turns others had while `work` ran, by a clock that goes on 30 ms whenever it is read. */
export async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let clock = 0;
  const now = vi.spyOn(performance, "now").mockImplementation(() => {
    clock += 30;
    return clock;
  });
  let [others, done] = [0, false];
  const other = () => {
    others++;
    if (!done) setImmediate(other);
  };
  setImmediate(other);
  try {
    await work();
  } finally {
    done = true;
    now.mockRestore();
  }
  return others;
}
