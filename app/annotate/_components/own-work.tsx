import type { WorkProgress } from "@/lib/annotation/work/work-schema";
import { dayWords, neededWords } from "../../_work/words";

/** What whoever annotates was given: how much is left, until when, and at what pace. `pending`: votes that it does not count yet. */
export function OwnWork({
  work,
  pending = 0,
  className = "",
}: {
  work: WorkProgress;
  pending?: number;
  className?: string;
}) {
  const urgent = work.state === "late" || work.state === "soon";
  const left = Math.max(0, work.left - pending);
  return (
    <p
      role="note"
      aria-label="Assigned to you"
      className={`numbers ${className} ${urgent && left > 0 ? "bg-warn/10" : "text-soft"}`}
    >
      {urgent && left > 0 && <strong>{work.state === "late" ? "Late: " : "Due soon: "}</strong>}
      {said(work, left)}
    </p>
  );
}

function said({ assigned, due, needed, today, state }: WorkProgress, left: number): string {
  const records = `${left.toLocaleString("en")} of your ${assigned.toLocaleString("en")} records left`;
  if (left === 0) return `All ${assigned.toLocaleString("en")} records that you were given are done.`;
  if (due === null || needed === null) return `${records}.`;
  if (state === "late") return `${records}; they were due on ${dayWords(due)}.`;
  const done = needed.per === "day" ? `, ${today.toLocaleString("en")} done today` : "";
  return `${records}, due on ${dayWords(due)}: ${neededWords(needed)}${done}.`;
}
