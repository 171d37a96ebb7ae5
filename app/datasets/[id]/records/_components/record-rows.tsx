"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import type { RecordColumn, RecordRow } from "@/lib/annotation/records/records-schema";
import { ago, exactDate } from "../../../../ui/format";
import { Marked } from "../../../_components/marked";
import { columnWords, statusWords } from "../../_components/record-words";

interface Props {
  rows: RecordRow[];
  columns: readonly RecordColumn[];
  matching: number;
  words: RegExp | null;
  open: number | null;
  /** Where the window is shared with an open record. */
  narrow: boolean;
  selected: ReadonlySet<number>;
  now: number;
  onOpen: (id: number) => void;
  onSelect: (id: number) => void;
  onEnd: () => void;
}

const rowHeight = 60;
const wide = "md:grid-cols-(--columns)";
const widths: Record<RecordColumn, string> = {
  a: "minmax(0,4fr)",
  b: "minmax(0,4fr)",
  label: "5.5rem",
  p: "2.5rem",
  gap: "5rem",
  votes: "5rem",
  ratio: "5rem",
  tags: "minmax(4rem,2fr)",
  annotators: "minmax(5rem,2fr)",
  updated: "6rem",
};
/** They compare two answers. */
const ofTwo: RecordColumn[] = ["b", "gap", "ratio"];
const singleWords: Partial<Record<RecordColumn, string>> = { a: "Answer", votes: "Good : bad" };
/** The box, the number and the prompt, then the columns that were chosen. */
const gridOf = (columns: readonly RecordColumn[]) =>
  ["1.25rem", "3rem", "minmax(0,5fr)", ...columns.map((column) => widths[column])].join(" ");

/** The records as a table of which only what is seen is there, however many there are. */
export function RecordRows(props: Props) {
  const { rows, columns: chosen, matching, words, open, narrow, selected, now, onOpen, onSelect, onEnd } = props;
  const isSingle = rows[0]?.of === 1;
  const columns = useMemo(
    () => (isSingle ? chosen.filter((column) => !ofTwo.includes(column)) : chosen),
    [chosen, isSingle],
  );
  const nameOf = (column: RecordColumn) => (isSingle && singleWords[column]) || columnWords[column];
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    initialRect: { width: 800, height: 600 }, // for the server's picture
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 10 && rows.length < matching) onEnd();
  }, [last, rows.length, matching, onEnd]);
  const at = rows.findIndex(({ id }) => id === open);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto rounded-md border bg-surface">
      <table
        aria-label="Records"
        aria-rowcount={matching + 1}
        className="grid"
        style={{ "--columns": gridOf(columns) } as CSSProperties}
      >
        <thead className={`sticky top-0 z-10 border-b bg-surface ${narrow ? "hidden" : "hidden md:grid"}`}>
          <tr className={`grid items-center gap-3 px-3 py-1.5 text-soft text-xs ${narrow ? "" : wide}`}>
            {["Chosen", "#", "Prompt", ...columns.map(nameOf)].map((name) => (
              <th key={name} className="relative text-left font-medium">
                <span className={name === "Chosen" ? "sr-only" : ""}>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="relative grid" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const row = rows[index]!;
            return (
              <Row
                key={row.id}
                row={row}
                index={index}
                start={start}
                isOpen={row.id === open}
                isSelected={selected.has(row.id)}
                {...{ columns, words, narrow, now, onOpen, onSelect }}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Pick<Props, "columns" | "words" | "narrow" | "now" | "onOpen" | "onSelect"> {
  row: RecordRow;
  index: number;
  /** Pixels above it. */
  start: number;
  isOpen: boolean;
  isSelected: boolean;
}

/** Drawn anew only where something of its own changes: a click on a filter shows at once, before its records have come. */
const Row = memo(function Row({ index, start, isOpen, ...props }: RowProps) {
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={isOpen}
      style={{ transform: `translateY(${start}px)`, height: rowHeight }}
      className={`absolute inset-x-0 grid grid-cols-[1.25rem_3rem_minmax(0,1fr)_auto] items-center gap-3 border-b px-3 hover:bg-raised aria-[current=true]:bg-accent-wash ${props.narrow ? "" : wide}`}
    >
      <Cells {...props} />
    </tr>
  );
});

function Cells({
  row,
  columns,
  words,
  narrow,
  isSelected,
  now,
  onOpen,
  onSelect,
}: Omit<RowProps, "index" | "start" | "isOpen">) {
  const { id, prompt, label, statuses, tags } = row;
  const labelled = <Label label={label} statuses={statuses} tags={tags} />;
  const hasLabel = columns.includes("label");
  return (
    <>
      <td>
        <input
          data-needs="review"
          type="checkbox"
          aria-label={`Choose record ${id}`}
          checked={isSelected}
          onChange={() => onSelect(id)}
        />
      </td>
      <td className="numbers text-soft">{id}</td>
      <td>
        <button
          type="button"
          dir="auto"
          onClick={() => onOpen(id)}
          className={`text-left hover:underline ${text(row)}`}
        >
          <Marked text={prompt || "(no prompt)"} words={words} />
        </button>
      </td>
      {(narrow || !hasLabel) && <td className={narrow ? "" : "md:hidden"}>{labelled}</td>}
      {!narrow &&
        columns.map((column) => (
          <td key={column} className={`min-w-0 ${column === "label" ? "" : "hidden md:block"}`}>
            {column === "label" ? labelled : <Cell column={column} row={row} words={words} now={now} />}
          </td>
        ))}
    </>
  );
}

const text = ({ statuses }: RecordRow) =>
  `line-clamp-2 break-words ${statuses.includes("excluded") ? "text-soft line-through" : ""}`;

function Cell({ column, row, words, now }: { column: RecordColumn } & Pick<RowProps, "row" | "words" | "now">) {
  const { answers, of, votes, p, gap, ratio, tags, annotators, votedAt } = row;
  const figure = (value: ReactNode) => <span className="numbers text-soft">{value}</span>;
  const list = (names: string[]) => (
    <span className="block truncate text-soft" title={names.join(", ")}>
      {names.join(", ")}
    </span>
  );
  switch (column) {
    case "a":
    case "b":
      return (
        <span dir="auto" className={`text-soft ${text(row)}`}>
          <Marked text={answers[column === "a" ? 0 : 1] ?? ""} words={words} />
        </span>
      );
    case "votes":
      return figure(of > 2 ? `${of} answers` : votesText(votes));
    case "p":
      return figure(p === null ? "–" : p.toFixed(2));
    case "gap":
      return figure(gap === null ? "–" : gap.toFixed(2));
    case "ratio":
      return figure(`${ratio.toFixed(1)} ×`);
    case "tags":
      return list(tags);
    case "annotators":
      return list(annotators);
    case "updated":
      return (
        <span suppressHydrationWarning className="text-soft text-xs" title={votedAt ? exactDate(votedAt) : undefined}>
          {votedAt ? ago(now - votedAt) : "–"}
        </span>
      );
    case "label":
      return null; // where narrow tables have it too
  }
}

const votesText = ({ A, B, tie, bothBad }: RecordRow["votes"]): string => {
  if (A + B + tie + bothBad === 0) return "–";
  return `${A} : ${B}${tie + bothBad > 0 ? ` (+${tie + bothBad})` : ""}`;
};

const labelWords = { A: "A", B: "B", good: "Good", bad: "Bad", tie: "No preference", ranked: "Ranked" } as const;

const labelInks: Record<string, string> = { A: "text-side-a", B: "text-side-b", good: "text-good", bad: "text-bad" };

function Label({ label, statuses, tags }: Pick<RecordRow, "label" | "statuses" | "tags">) {
  const told = statuses.find((status) => status === "excluded" || status === "disputed" || status === "flagged");
  return (
    <span className="flex flex-col text-xs">
      {label && <span className={`font-medium ${labelInks[label] ?? ""}`}>{labelWords[label]}</span>}
      {tags.length > 0 && (
        <span className="truncate text-soft" title={tags.join(", ")}>
          {tags.join(", ")}
        </span>
      )}
      {told && <span className="text-warn">{statusWords[told]}</span>}
    </span>
  );
}
