// Programs that requests start, each with its own TensorFlow: so many run at a time, some wait for their turn, and more are refused.
import "server-only";
import { AppError } from "../../spec/errors";

const mostRunning = 3;
const mostWaiting = 12;

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { slots?: { running: number; waiting: (() => void)[] } };

/** Resolves once there is room for a program; call what it gives when the program has ended. Whoever is `cancelled` leaves the line. */
export async function takeSlot(cancelled?: AbortSignal): Promise<() => void> {
  cancelled?.throwIfAborted();
  shared.slots ??= { running: 0, waiting: [] };
  const slots = shared.slots;
  if (slots.running < mostRunning) slots.running++;
  else {
    if (slots.waiting.length >= mostWaiting)
      throw new AppError(
        429,
        `${mostRunning} requests of this kind are running and ${mostWaiting} are queued; try again when some have finished.`,
      );
    await turn(slots.waiting, cancelled); // whoever ends hands its place over
  }
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const next = slots.waiting.shift();
    if (next) next();
    else slots.running--;
  };
}

/** Resolves when its turn has come; throws where it left the line before. */
const turn = (waiting: (() => void)[], cancelled: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(cancelled!.reason);
    };
    const begin = () => {
      cancelled?.removeEventListener("abort", leave);
      resolve();
    };
    waiting.push(begin);
    cancelled?.addEventListener("abort", leave, { once: true });
  });
