// Tells the runner that this trainer gets somewhere, also in the midst of a step, which may take minutes and lets no timer run.
const everyMs = 1000;
let tell: (() => void) | null = null;
let last = 0;

/** `listener` hears of it at most once a second. */
export function onSignOfLife(listener: () => void): void {
  tell = listener;
}

/** To be called between the parts of long work. */
export function signOfLife(): void {
  if (!tell || Date.now() - last < everyMs) return;
  last = Date.now();
  tell();
}
