// Programs that requests start, each with its own TensorFlow: so many run at a time, some wait for their turn, and more are refused.
import "server-only";
import { AppError } from "../../spec/errors";

const mostRunning = 3;
const mostWaiting = 12;

// on globalThis, since the bundler may load this file more than once
const shared = globalThis as { slots?: { running: number; waiting: (() => void)[] } };

/** Resolves once there is room for a program; call what it gives when the program has ended. */
export async function takeSlot(): Promise<() => void> {
  shared.slots ??= { running: 0, waiting: [] };
  const slots = shared.slots;
  if (slots.running < mostRunning) slots.running++;
  else {
    if (slots.waiting.length >= mostWaiting)
      throw new AppError(
        429,
        `${mostRunning} requests of this kind are running and ${mostWaiting} are queued; try again when some have finished.`,
      );
    await new Promise<void>((resolve) => slots.waiting.push(resolve)); // whoever ends hands its place over
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
