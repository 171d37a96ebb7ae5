import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { filterOf, type RecordFilter, searchOf } from "@/lib/annotation/records/records-schema";

/** The filter and the open record, kept in the address, so that a view can be sent to somebody and Back walks through it. */
export function useRecordAddress() {
  const path = usePathname();
  const search = useSearchParams();
  const filter = useMemo(() => filterOf(new URLSearchParams(search.toString())), [search]);
  const open = Number(search.get("record")) || null;
  const go = useCallback(
    (change: Partial<RecordFilter>, record: number | null, how: "push" | "replace" = "push") => {
      const next = searchOf({ ...filter, ...change });
      if (record !== null) next.set("record", String(record));
      window.history[`${how}State`](null, "", next.size > 0 ? `${path}?${next}` : path);
    },
    [filter, path],
  );
  return { filter, open, go };
}
