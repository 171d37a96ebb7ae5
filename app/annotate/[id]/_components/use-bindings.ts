import { useSyncExternalStore } from "react";
import { fieldsIn } from "./browser-store";
import type { Bindings } from "./keys";

interface Stored {
  bindings: Bindings;
  /** Whether single-key shortcuts are off (WCAG 2.1.4). */
  off: boolean;
}

const name = "keys";
const none: Stored = { bindings: {}, off: false };
const listeners = new Set<() => void>();
let last: { text: string | null; stored: Stored } = { text: null, stored: none };

/** Returns the same object while the stored text is unchanged. */
function read(): Stored {
  const text = localStorage.getItem(name);
  if (text !== last.text) last = { text, stored: { ...none, ...fieldsIn(text) } };
  return last.stored;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function storeKeys(stored: Stored | null): void {
  if (stored) localStorage.setItem(name, JSON.stringify(stored));
  else localStorage.removeItem(name);
  for (const listener of listeners) listener();
}

/** The key bindings stored in this browser. */
export const useBindings = (): Stored => useSyncExternalStore(subscribe, read, () => none);
