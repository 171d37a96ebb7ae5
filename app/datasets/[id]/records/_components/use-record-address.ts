import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { filterOf, type RecordFilter, searchOf } from "@/lib/annotation/records/records-schema";

/**
 * The filter and the open record, kept in the address, so that a view can be sent to somebody and Back walks through it. What is chosen here
 * holds at once: the router tells of a new address only after it has rendered its whole tree.
 */
export function useRecordAddress() {
  const path = usePathname();
  const told = useSearchParams().toString();
  const [chosen, setChosen] = useState(told);
  useEffect(() => {
    // where they differ the address is right: it may be ahead of both, after two choices within a moment
    setChosen((now) => (now === told ? now : window.location.search.slice(1)));
  }, [told]);
  const search = useMemo(() => new URLSearchParams(chosen), [chosen]);
  const filter = useMemo(() => filterOf(search), [search]);
  const open = Number(search.get("record")) || null;
  const go = useCallback(
    (change: Partial<RecordFilter>, record: number | null, how: "push" | "replace" = "push") => {
      const next = searchOf({ ...filter, ...change });
      if (record !== null) next.set("record", String(record));
      setChosen(next.toString());
      // in a task of its own: it takes longer than drawing what was chosen
      setTimeout(() => window.history[`${how}State`](null, "", next.size > 0 ? `${path}?${next}` : path));
    },
    [filter, path],
  );
  return { filter, open, go };
}
