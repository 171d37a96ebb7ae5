"use client";

import type { WorkProgress } from "@/lib/annotation/work/work-schema";
import type { Translate } from "../../_messages/translate";
import { useTranslate } from "../../_messages/use-translate";
import { dayWords } from "../../_work/words";

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
  const t = useTranslate();
  const urgent = work.state === "late" || work.state === "soon";
  const left = Math.max(0, work.left - pending);
  return (
    <p
      role="note"
      aria-label={t("work.label")}
      className={`numbers ${className} ${urgent && left > 0 ? "bg-warn/10" : "text-soft"}`}
    >
      {urgent && left > 0 && <strong>{t(work.state === "late" ? "work.late" : "work.soon")} </strong>}
      {said(work, left, t)}
    </p>
  );
}

function said({ assigned, due, needed, today, state }: WorkProgress, left: number, t: Translate): string {
  if (left === 0) return t("work.allDone", { assigned });
  if (due === null || needed === null) return t("work.left", { left, assigned });
  const given = { left, assigned, due: dayWords(due, t.language), needed: needed.records, today };
  if (state === "late") return t("work.overdue", given);
  return t(needed.per === "day" ? "work.daily" : "work.hourly", given);
}
