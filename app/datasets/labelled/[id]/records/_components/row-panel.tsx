"use client";

import { useQuery } from "@tanstack/react-query";
import { Problem } from "../../../../../ui/cards";
import { RowActions } from "../../../../_components/row-actions";
import { rowQuery } from "../../_components/row-queries";

/** What the checks found in a row, what was done to it and by whom, and what can be done. */
export function RowPanel({ dataset, row }: { dataset: number; row: number }) {
  const { data, error } = useQuery(rowQuery(dataset, row));
  if (error) return <Problem error={error} />;
  if (!data) return <div className="min-h-16" aria-busy="true" />;
  return (
    <section aria-label={`Row ${row}`} className="grid gap-3 px-3 pb-4 md:pl-[7.25rem]">
      <RowActions dataset={{ kind: "labelled", id: dataset }} row={row} detail={data} excluded={data.excluded} />
      <details>
        <summary className="text-soft text-xs">All columns</summary>
        <pre className="overflow-x-auto whitespace-pre-wrap break-words rounded-md bg-raised p-3 font-mono text-xs">
          {data.record}
        </pre>
      </details>
    </section>
  );
}
