import { useEffect, useState } from "react";
import { request } from "@/app/_client/fetch";
import type { OwnSummaryDto } from "@/lib/annotation/judging/judging-schema";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { buttonClass } from "../../../ui/buttons";
import { flush } from "./outbox";

const words: Record<keyof OwnSummaryDto["counts"], string> = {
  preferred: "A or B better",
  good: "Good",
  bad: "Bad",
  tie: "Tie",
  both_bad: "Both bad",
  skip: "Skipped",
  flag: "Flagged",
};

/** After the last record: what one said, how fast, how others see it, and what comes next. */
export function EndPage({ queue: { id, progress, model }, onUndo }: { queue: QueueDto; onUndo: () => void }) {
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
      <h2 className="text-lg">All done</h2>
      <p className="mt-1 text-soft">
        {progress.total} done, {progress.skipped} of them skipped. Thank you.
        {model.of > 0 && ` You and the reward model agree on ${model.agreed} of ${model.of} records.`}
      </p>
      <div className="min-h-16">{summary && <Figures summary={summary} />}</div>
      <div className="mt-6 flex flex-wrap gap-2">
        {summary?.next && (
          <a href={`/annotate/${summary.next.id}`} className={buttonClass("primary")}>
            Next dataset: {summary.next.name} ({summary.next.left} left)
          </a>
        )}
        <a href={`/annotate/${id}/list?mine=annotated`} className={buttonClass()}>
          Review my annotations
        </a>
        <a href={`/datasets/${id}`} className={buttonClass()}>
          See results
        </a>
        <a href={`/runs/new?queue=${id}`} className={buttonClass()}>
          Train on this dataset
        </a>
        <button type="button" onClick={onUndo} className={buttonClass()}>
          Undo the last vote
        </button>
      </div>
    </div>
  );
}

function Figures({ summary: { counts, paceMs, others } }: { summary: OwnSummaryDto }) {
  const keys = Object.keys(words) as (keyof typeof words)[];
  return (
    <dl className="numbers mt-4 flex flex-wrap gap-x-8 gap-y-3">
      {keys
        .filter((key) => counts[key] > 0)
        .map((key) => (
          <Figure key={key} name={words[key]}>
            {counts[key].toLocaleString("en")}
          </Figure>
        ))}
      {paceMs !== null && <Figure name="Median time a record">{(paceMs / 1000).toFixed(1)} s</Figure>}
      {others.of > 0 && (
        <Figure name={`Agreement with others (n ${others.of})`}>
          {Math.round((100 * others.agreed) / others.of)} %
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
