"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef } from "react";
import type { RecordRow } from "@/lib/annotation/records/records-schema";
import { ago, exactDate } from "../../../../ui/format";
import { Marked } from "../../../_components/marked";
import { statusWords } from "../../_components/record-words";

interface Props {
  rows: RecordRow[];
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
const wide =
  "md:grid-cols-[1.25rem_3.5rem_minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)_5.5rem_5rem_minmax(5rem,2fr)_6rem]";

/** The records as a table of which only what is seen is there, however many there are. */
export function RecordRows({ rows, matching, words, open, narrow, selected, now, onOpen, onSelect, onEnd }: Props) {
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
  const columns = narrow ? "" : wide;
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto rounded-md border bg-surface">
      <table aria-label="Records" aria-rowcount={matching + 1} className="grid">
        <thead className={`sticky top-0 z-10 border-b bg-surface ${narrow ? "hidden" : "hidden md:grid"}`}>
          <tr className={`grid items-center gap-3 px-3 py-1.5 text-soft text-xs ${columns}`}>
            {["Chosen", "#", "Prompt", "A", "B", "Label", "Votes A : B", "Annotators", "Updated"].map((name) => (
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
                {...{ words, narrow, now, onOpen, onSelect }}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Pick<Props, "words" | "narrow" | "now" | "onOpen" | "onSelect"> {
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
      className={`absolute inset-x-0 grid grid-cols-[1.25rem_3.5rem_minmax(0,1fr)_auto] items-center gap-3 border-b px-3 hover:bg-raised aria-[current=true]:bg-accent-wash ${props.narrow ? "" : wide}`}
    >
      <Cells {...props} />
    </tr>
  );
});

function Cells({
  row,
  words,
  narrow,
  isSelected,
  now,
  onOpen,
  onSelect,
}: Omit<RowProps, "index" | "start" | "isOpen">) {
  const { id, prompt, answers, of, label, votes, statuses, annotators, tags, votedAt } = row;
  const isOut = statuses.includes("excluded");
  const text = `line-clamp-2 break-words ${isOut ? "text-soft line-through" : ""}`;
  const more = narrow ? "hidden" : "hidden md:block";
  return (
    <>
      <td>
        <input type="checkbox" aria-label={`Choose record ${id}`} checked={isSelected} onChange={() => onSelect(id)} />
      </td>
      <td className="numbers text-soft">{id}</td>
      <td>
        <button type="button" dir="auto" onClick={() => onOpen(id)} className={`text-left hover:underline ${text}`}>
          <Marked text={prompt || "(no prompt)"} words={words} />
        </button>
      </td>
      {answers.map((answer, i) => (
        <td key={i === 0 ? "A" : "B"} className={more}>
          <span dir="auto" className={`text-soft ${text}`}>
            <Marked text={answer} words={words} />
          </span>
        </td>
      ))}
      <td>
        <Label label={label} statuses={statuses} tags={tags} />
      </td>
      <td className={`numbers text-soft ${more}`}>{of > 2 ? `${of} answers` : votesText(votes)}</td>
      <td className={`truncate text-soft ${more}`} title={annotators.join(", ")}>
        {annotators.join(", ")}
      </td>
      <td
        suppressHydrationWarning
        className={`text-soft text-xs ${more}`}
        title={votedAt ? exactDate(votedAt) : undefined}
      >
        {votedAt ? ago(now - votedAt) : "–"}
      </td>
    </>
  );
}

const votesText = ({ A, B, tie, bothBad }: RecordRow["votes"]): string => {
  if (A + B + tie + bothBad === 0) return "–";
  return `${A} : ${B}${tie + bothBad > 0 ? ` (+${tie + bothBad})` : ""}`;
};

const labelWords = { A: "A", B: "B", tie: "No preference", ranked: "Ranked" } as const;

function Label({ label, statuses, tags }: Pick<RecordRow, "label" | "statuses" | "tags">) {
  const told = statuses.find((status) => status === "excluded" || status === "disputed" || status === "flagged");
  return (
    <span className="flex flex-col text-xs">
      {label && (
        <span className={`font-medium ${label === "A" ? "text-side-a" : label === "B" ? "text-side-b" : ""}`}>
          {labelWords[label]}
        </span>
      )}
      {tags.length > 0 && (
        <span className="truncate text-soft" title={tags.join(", ")}>
          {tags.join(", ")}
        </span>
      )}
      {told && <span className="text-warn">{statusWords[told]}</span>}
    </span>
  );
}
