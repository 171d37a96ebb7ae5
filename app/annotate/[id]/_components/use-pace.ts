import { useMemo, useSyncExternalStore } from "react";
import { fieldsIn, readEntry, subscribe, writeEntry } from "./browser-store";

/** So many of the newest votes count, and fewer than this tell nothing. */
const [most, fewest] = [20, 3];

export interface Pace {
  /** The median active time of the newest votes given in this browser; null before there are a few. */
  ms: number | null;
  note: (ms: number) => void;
}

/** How fast an annotator goes through a dataset. */
export function usePace(owner: string): Pace {
  const name = `pace/${owner}`;
  const text = useSyncExternalStore(
    subscribe,
    () => readEntry(name),
    () => null,
  );
  const times = useMemo(() => Object.values(fieldsIn(text)).map(Number), [text]);
  const middle = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  return {
    ms: times.length < fewest ? null : (middle ?? null),
    note: (ms) => writeEntry(name, JSON.stringify([...times, ms].slice(-most))),
  };
}
