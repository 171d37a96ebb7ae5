import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import { useTranslate } from "@/app/_messages/use-translate";
import { localeOf } from "@/common/written-language";
import type { OwnSummaryDto } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import type { MessageKey } from "@/lib/messages/messages";
import { buttonClass } from "../../../ui/buttons";
import { flush } from "./outbox";

const words: Record<keyof OwnSummaryDto["counts"], MessageKey> = {
  preferred: "end.preferred",
  good: "vote.good",
  bad: "vote.bad",
  tie: "vote.tie",
  both_bad: "vote.both_bad",
  skip: "end.skipped",
  flag: "end.flagged",
};

/** After the last record: what one said, how fast, how others see it, and what comes next. */
export function EndPage({ queue: { id, progress, model }, onUndo }: { queue: QueueDto; onUndo: () => void }) {
  const t = useTranslate();
  const [summary, setSummary] = useState<OwnSummaryDto | null>(null);
  useEffect(() => {
    let shown = true;
    flush()
      .then(() => request<OwnSummaryDto>(`/api/queues/${id}/mine`))
      .then(
        (found) => shown && setSummary(found),
        () => undefined, // offline: the page says what it knows
      );
    return () => {
      shown = false;
    };
  }, [id]);
  return (
    <div className="rounded-md border bg-surface p-6">
      <h2 className="text-lg">{t("end.title")}</h2>
      <p className="mt-1 text-soft">
        {t("end.done", { total: progress.total, skipped: progress.skipped })}
        {model.of > 0 && ` ${t("end.rewardModel", model)}`}
      </p>
      <div className="min-h-16">{summary && <Figures summary={summary} />}</div>
      <div className="mt-6 flex flex-wrap gap-2">
        {summary?.next && (
          <a href={`/annotate/${summary.next.id}`} className={buttonClass("primary")}>
            {t("end.next", { name: summary.next.name, left: summary.next.left })}
          </a>
        )}
        <a href={`/annotate/${id}/list?mine=annotated`} className={buttonClass()}>
          {t("end.review")}
        </a>
        <a href={`/datasets/${id}`} className={buttonClass()}>
          {t("end.results")}
        </a>
        <a href={`/runs/new?queue=${id}`} className={buttonClass()}>
          {t("end.train")}
        </a>
        <button type="button" onClick={onUndo} className={buttonClass()}>
          {t("end.undoLast")}
        </button>
      </div>
    </div>
  );
}

function Figures({ summary: { counts, paceMs, others } }: { summary: OwnSummaryDto }) {
  const t = useTranslate();
  const keys = Object.keys(words) as (keyof typeof words)[];
  return (
    <dl className="numbers mt-4 flex flex-wrap gap-x-8 gap-y-3">
      {keys
        .filter((key) => counts[key] > 0)
        .map((key) => (
          <Figure key={key} name={t(words[key])}>
            {counts[key].toLocaleString(localeOf(t.language))}
          </Figure>
        ))}
      {paceMs !== null && <Figure name={t("end.pace")}>{t("end.seconds", { seconds: paceMs / 1000 })}</Figure>}
      {others.of > 0 && (
        <Figure name={t("end.agreement", { of: others.of })}>
          {t("end.percent", { percent: Math.round((100 * others.agreed) / others.of) })}
        </Figure>
      )}
    </dl>
  );
}

const Figure = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-soft text-xs">{name}</dt>
    <dd className="text-lg">{children}</dd>
  </div>
);
