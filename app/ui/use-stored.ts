import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { z } from "zod";
import { readEntry, subscribe, writeEntry } from "./browser-store";

/** A setting of this browser, which survives a reload. What another version stored, and the schema does not know, is as if nothing was. */
export function useStored<T>(name: string, schema: z.ZodType<T>, initial: T): [T, (value: T) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => readEntry(name),
    () => null,
  );
  const stored = useMemo(() => parsed(text, schema), [text, schema]);
  const set = useCallback((value: T) => writeEntry(name, JSON.stringify(value)), [name]);
  return [stored ?? initial, set];
}

function parsed<T>(text: string | null, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
