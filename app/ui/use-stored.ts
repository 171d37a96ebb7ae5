import { useCallback, useSyncExternalStore } from "react";
import type { z } from "zod";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A setting of this browser, which survives a reload. What another version stored, and the schema does not know, is as if nothing was. */
export function useStored<T>(name: string, schema: z.ZodType<T>, initial: T): [T, (value: T) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(name),
    () => null,
  );
  const set = useCallback(
    (value: T) => {
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {} // a full or forbidden store: the setting is not kept
      for (const listener of listeners) listener();
    },
    [name],
  );
  return [parsed(text, schema) ?? initial, set];
}

function parsed<T>(text: string | null, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
