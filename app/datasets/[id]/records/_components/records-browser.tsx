"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { Route } from "next";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type RecordFilter, recordFilter, recordSorts, searchOf } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { Problem } from "../../../../ui/cards";
import { Empty } from "../../../../ui/empty";
import { Link } from "../../../../ui/link";
import { mayHere } from "../../../../ui/may";
import { checkTitle } from "../../../_components/check-words";
import { markedWords } from "../../../_components/marked";
import { useRowChange } from "../../../_components/use-row-change";
import { sortWords } from "../../_components/record-words";
import { ColumnsMenu } from "./columns-menu";
import { Facets } from "./facets";
import { RecordPane } from "./record-detail";
import { RecordRows } from "./record-rows";
import { recordsQuery } from "./records-queries";
import { SelectionBar } from "./selection-bar";
import { useRecordAddress } from "./use-record-address";
import { ViewsMenu } from "./views-menu";

/** Search, facets, the table and the open record. */
export function RecordsBrowser({ queueId, now }: { queueId: number; now: number }) {
  const { filter, open, go } = useRecordAddress();
  const [filtering, setFiltering] = useState(false); // on phones, where filters would push the records away
  const [selected, setSelected] = useState<ReadonlySet<number>>(noneSelected);
  const { data, error, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(recordsQuery(queueId, filter));
  const exclusion = useRowChange({ kind: "annotate", id: queueId });
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const words = useMemo(() => markedWords(filter.q), [filter.q]);
  const [first] = data?.pages ?? [];
  const matching = first?.matching ?? 0;
  const client = useQueryClient();
  const expect = (wanted: Partial<RecordFilter>) =>
    void client.prefetchInfiniteQuery(recordsQuery(queueId, { ...filter, ...wanted }));
  const change = (wanted: Partial<RecordFilter>, how: "push" | "replace" = "push") => {
    expect(wanted); // asked for before anything is drawn anew
    setSelected(noneSelected);
    go(wanted, open, how);
  };
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [isFetchingNextPage, fetchNextPage]);
  const show = useCallback(
    (id: number | null) => go({}, id, open === null || id === null ? "push" : "replace"),
    [go, open],
  );
  const latestShow = useRef(show); // `show` changes with the filter, and rows are not to be drawn anew for it
  useEffect(() => {
    latestShow.current = show;
  });
  const openRecord = useCallback((id: number) => latestShow.current(id), []);
  const step = useCallback(
    (by: 1 | -1) => {
      const at = rows.findIndex(({ id }) => id === open);
      const next = rows[at === -1 ? 0 : at + by];
      if (next) show(next.id);
    },
    [rows, open, show],
  );
  const select = useCallback((id: number) => setSelected((before) => toggled(before, id)), []);
  const exclude = (itemIds: number[], excluded: boolean) =>
    exclusion.mutate({
      action: excluded ? "exclude" : "include",
      of: { rows: itemIds },
      reason: "by hand, among the records",
    });
  const isOut = rows.find(({ id }) => id === open)?.statuses.includes("excluded") ?? false;
  useRecordKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => mayHere("write") && open !== null && !exclusion.isPending && exclude([open], !isOut),
    escape: () => open !== null && show(null),
  });
  return (
    <div
      className={`grid gap-4 ${open === null ? "md:grid-cols-[13rem_minmax(0,1fr)]" : "lg:grid-cols-[13rem_minmax(0,2fr)_minmax(0,3fr)]"}`}
    >
      <div className={open === null ? "" : "hidden lg:block"}>
        <Button className="mb-2 md:hidden" aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>
          Filters
        </Button>
        <div className={filtering ? "" : "hidden md:block"}>
          {first?.facets && first.ranges && (
            <Facets filter={filter} facets={first.facets} ranges={first.ranges} onExpect={expect} onChange={change} />
          )}
        </div>
      </div>
      <div
        className={`h-[calc(100dvh-15rem)] min-h-[32rem] min-w-0 flex-col ${open === null ? "flex" : "hidden lg:flex"}`}
      >
        <div className="mb-2 flex flex-wrap items-center gap-3">
          <Search key={open === null ? "alone" : "beside"} q={filter.q} onSearch={(q) => change({ q }, "replace")} />
          <label className="flex items-center gap-2 text-soft text-xs">
            Sort by
            <select
              value={filter.sort}
              onChange={(event) => change({ sort: event.target.value as RecordFilter["sort"] })}
              className="rounded-md border bg-canvas px-2 py-1.5 text-ink"
            >
              {recordSorts.map((sort) => (
                <option key={sort} value={sort}>
                  {sortWords[sort]}
                </option>
              ))}
            </select>
          </label>
          <ViewsMenu queueId={queueId} filter={filter} onOpen={(view) => change(view)} />
          {open === null && (
            <ColumnsMenu columns={filter.columns} onChange={(columns) => go({ columns }, open, "replace")} />
          )}
          <span role="status" className="numbers text-soft">
            {matching.toLocaleString("en")} of {(first?.total ?? 0).toLocaleString("en")} records
          </span>
          {filter.check !== "" && (
            <Button
              kind="quiet"
              aria-label={`Clear the filter ${checkTitle(filter.check)}`}
              onClick={() => change({ check: "" })}
            >
              {checkTitle(filter.check)} <span aria-hidden>×</span>
            </Button>
          )}
          {matching > 0 && matching < (first?.total ?? 0) && (
            <Link href={exportOf(queueId, filter) as Route} className="text-accent underline">
              Export these
            </Link>
          )}
        </div>
        <SelectionBar
          queueId={queueId}
          filter={filter}
          matching={matching}
          selected={selected}
          busy={exclusion.isPending}
          tags={first?.facets?.tag.map(({ value }) => value) ?? []}
          onSelect={setSelected}
          onExclude={exclude}
        />
        {error ? (
          <Problem error={error} />
        ) : rows.length === 0 ? (
          <Empty
            title={first?.total === 0 ? "No records yet" : "No record matches"}
            action={
              first?.total !== 0 && (
                <Button onClick={() => change(recordFilter.parse({ reveal: filter.reveal }))}>Clear filters</Button>
              )
            }
          >
            {first?.total === 0 ? "Add data under Datasets." : "Try other words, or fewer filters."}
          </Empty>
        ) : (
          <RecordRows
            rows={rows}
            columns={filter.columns}
            matching={matching}
            words={words}
            open={open}
            narrow={open !== null}
            selected={selected}
            now={now}
            onOpen={openRecord}
            onSelect={select}
            onEnd={more}
          />
        )}
      </div>
      {open !== null && (
        <RecordPane
          queueId={queueId}
          record={open}
          reveal={filter.reveal}
          busy={exclusion.isPending}
          onStep={step}
          onExclude={(excluded) => exclude([open], excluded)}
          onClose={() => show(null)}
        />
      )}
    </div>
  );
}

const exportOf = (queueId: number, filter: RecordFilter) =>
  `/datasets/${queueId}/export?${new URLSearchParams({ records: searchOf(filter).toString() })}`;

const noneSelected: ReadonlySet<number> = new Set();

function toggled(selected: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Searches while somebody types, a little after the last letter. */
function Search({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  const [sent, setSent] = useState(q);
  if (q !== sent) {
    setSent(q); // Back, or "Clear filters"
    setTyped(q);
  }
  const send = useRef(onSearch);
  useEffect(() => {
    send.current = onSearch;
  });
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => {
      setSent(typed.trim());
      send.current(typed.trim());
    }, 150);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return (
    <input
      type="search"
      aria-label="Search records"
      placeholder="Search texts, reasons, #number"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className="w-80 max-w-full rounded-md border bg-canvas px-3 py-1.5"
    />
  );
}

/** Keys of the browser, while nothing is being typed. */
function useRecordKeys(actions: Record<string, () => void>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.altKey ||
        event.ctrlKey ||
        event.metaKey ||
        target.closest("input:not([type=checkbox]), textarea, select, [role=menu], [role=dialog]")
      )
        return;
      latest.current[event.key.toLowerCase()]?.();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
