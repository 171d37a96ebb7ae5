// Keys that are pressed on the page before its script listens: the server's picture is complete by then, so they are kept and given again.

declare global {
  interface Window {
    earlyKeys?: { keys: string[]; stop: () => void } | undefined;
  }
}

/** Runs with the page's HTML. */
export const keepEarlyKeys = `(() => {
  const keys = [];
  const keep = (event) => {
    if (!event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest("a, button, input, textarea, select")) keys.push(event.key);
  };
  addEventListener("keydown", keep);
  window.earlyKeys = { keys, stop: () => removeEventListener("keydown", keep) };
})()`;

/** Whether keys are still being kept. */
export const areKeysKept = () => window.earlyKeys !== undefined;

/** Presses the first of the kept keys again, once all listeners of the commit that asks for it are attached (a child's effects run before
 * its parent's). The other keys may have been meant for a record that nobody has seen. */
export function pressEarlyKeys(most: number): void {
  const early = window.earlyKeys;
  if (!early) return;
  early.stop();
  window.earlyKeys = undefined;
  for (const key of early.keys.slice(0, most))
    queueMicrotask(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
}
