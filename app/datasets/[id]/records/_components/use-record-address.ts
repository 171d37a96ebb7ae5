import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { filterOf, type RecordFilter, searchOf } from "@/lib/annotation/records/records-schema";

/**
 * The filter and the open record, kept in the address, so that a view can be sent to somebody and Back walks through it. What is chosen here
 * holds at once: the router tells of a new address only after it has rendered its whole tree.
 */
export function useRecordAddress() {
  const path = usePathname();
  const told = useSearchParams().toString();
  const [chosen, setChosen] = useState(told);
  const unwritten = useRef<Unwritten | null>(null);
  useEffect(() => {
    // where they differ the address is right, unless it is yet to be written: it may be ahead of both, after two choices within a moment
    if (unwritten.current === null) setChosen((now) => (now === told ? now : window.location.search.slice(1)));
  }, [told]);
  useWrittenBeforeInput(unwritten);
  const search = useMemo(() => new URLSearchParams(chosen), [chosen]);
  const filter = useMemo(() => filterOf(search), [search]);
  const open = Number(search.get("record")) || null;
  const go = useCallback(
    (change: Partial<RecordFilter>, record: number | null, how: "push" | "replace" = "push") => {
      const next = searchOf({ ...filter, ...change });
      if (record !== null) next.set("record", String(record));
      setChosen(next.toString());
      unwritten.current?.write();
      const drop = () => {
        clearTimeout(timer);
        unwritten.current = null;
      };
      const write = () => {
        drop();
        window.history[`${how}State`](null, "", next.size > 0 ? `${path}?${next}` : path);
      };
      const timer = setTimeout(write, afterDrawingMs);
      unwritten.current = { write, drop, how };
    },
    [filter, path],
  );
  return { filter, open, go };
}

/** A new address makes the router render its whole tree, which takes longer than drawing the records that were chosen: these come first. */
const afterDrawingMs = 250;

interface Unwritten {
  write: () => void;
  drop: () => void;
  how: "push" | "replace";
}

/** Whatever somebody does next finds the address written. Back before that has gone one view too far: the one before the choice is the next again. */
function useWrittenBeforeInput(unwritten: { current: Unwritten | null }): void {
  useEffect(() => {
    const write = () => unwritten.current?.write();
    const drop = () => unwritten.current?.drop();
    const back = () => {
      const isTooFar = unwritten.current?.how === "push";
      drop();
      if (isTooFar) window.history.forward();
    };
    const inputs = ["pointerdown", "keydown", "pagehide"] as const;
    for (const input of inputs) window.addEventListener(input, write, { capture: true });
    window.addEventListener("popstate", back, { capture: true });
    return () => {
      for (const input of inputs) window.removeEventListener(input, write, { capture: true });
      window.removeEventListener("popstate", back, { capture: true });
      drop();
    };
  }, [unwritten]);
}
