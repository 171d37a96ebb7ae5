"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { Button } from "../../../../../ui/buttons";
import { Problem } from "../../../../../ui/cards";
import { Empty } from "../../../../../ui/empty";
import { checkTitle } from "../../../../_components/check-words";
import { checksQuery } from "../../../../_components/checked-dataset";
import { markedWords } from "../../../../_components/marked";
import { rowsQuery } from "../../_components/row-queries";
import { LabelledRow } from "./labelled-row";

function searchOf(q: string, only: string): string {
  const given = new URLSearchParams({ ...(q && { q }), ...(only && { only }) });
  return given.size > 0 ? `?${given}` : "";
}

/** The rows of a dataset that came with its labels: searched, each opened in its place. */
export function RowsBrowser({ id }: { id: number }) {
  const path = usePathname();
  const address = useSearchParams();
  const [q, only] = [address.get("q") ?? "", address.get("only") ?? ""];
  const [typed, setTyped] = useState(q);
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(rowsQuery(id, q, only));
  const { data: checks } = useQuery(checksQuery({ kind: "labelled", id }));
  const words = useMemo(() => markedWords(q), [q]);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => {
      window.history.replaceState(null, "", `${path}${searchOf(typed.trim(), only)}`);
    }, 150);
    return () => clearTimeout(timer);
  }, [typed, q, only, path]);
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const [first] = data?.pages ?? [];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <input
          type="search"
          aria-label="Search records"
          placeholder="Search texts, #number"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="w-80 max-w-full rounded-md border bg-canvas px-3 py-1.5"
        />
        <select
          aria-label="Which records"
          value={only}
          onChange={({ target }) => window.history.replaceState(null, "", `${path}${searchOf(q, target.value)}`)}
          className="rounded-md border bg-canvas px-3 py-1.5"
        >
          <option value="">all</option>
          <option value="excluded">excluded</option>
          <option value="changed">changed</option>
          {(checks?.report?.checks ?? []).map(({ check, rows }) => (
            <option key={check} value={check}>
              {checkTitle(check)} ({rows.toLocaleString("en")})
            </option>
          ))}
        </select>
        <span role="status" className="numbers text-soft">
          {(first?.matching ?? 0).toLocaleString("en")}
          {first?.more && "+"} of {(first?.total ?? 0).toLocaleString("en")} records
        </span>
      </div>
      {error && <Problem error={error} />}
      {rows.length === 0 && !error && <Empty title="No record matches">Try other words or another filter.</Empty>}
      <ul className="divide-y rounded-md border bg-surface">
        {rows.map((row) => (
          <LabelledRow key={row.id} dataset={id} row={row} words={words} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Loading…" : "More records"}
        </Button>
      )}
    </>
  );
}
