import { useMemo, useSyncExternalStore } from "react";
import { fieldsIn, readEntry, removeEntry, subscribe, writeEntry } from "../../../ui/browser-store";
import type { Bindings } from "./keys";

interface Stored {
  bindings: Bindings;
  /** Whether single-key shortcuts are off (WCAG 2.1.4). */
  off: boolean;
}

const name = "keys";

export const storeKeys = (stored: Stored | null): void =>
  stored ? writeEntry(name, JSON.stringify(stored)) : removeEntry(name);

/** The key bindings stored in this browser. */
export function useBindings(): Stored {
  const text = useSyncExternalStore(
    subscribe,
    () => readEntry(name),
    () => null,
  );
  return useMemo(() => ({ bindings: {}, off: false, ...fieldsIn(text) }), [text]);
}
