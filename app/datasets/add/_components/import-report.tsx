import type { LeftOut } from "@/lib/annotation/queues/left-out";
import type { ImportReport } from "@/lib/annotation/queues/queue-schema";
import type { LabelledReport } from "@/lib/datasets/labelled/labelled-schema";
import { kindWords } from "@/spec/label-kinds";
import { buttonClass } from "../../../ui/buttons";
import { Link } from "../../../ui/link";
import { Notes } from "./notes";

/** The result of an import; skipped lines are listed with the reason. */
export function ImportReportView({ report }: { report: ImportReport }) {
  return (
    <div className="mt-3 rounded-md border p-3" role="status">
      <p>
        {report.added} records added to <span className="font-medium">{report.queue}</span>
        {report.duplicates > 0 && `, ${report.duplicates} duplicates skipped`}
        {report.labels !== undefined && `, ${report.labels} labels kept`}.{" "}
        <Link className={buttonClass("quiet")} href={`/annotate/${report.queueId}`}>
          Annotate
        </Link>
        <Link className={buttonClass("quiet")} href={`/datasets/${report.queueId}/records`}>
          Open records
        </Link>
      </p>
      <Notes notes={report.notes} />
      <SkippedLines {...report} />
    </div>
  );
}

/** The same for a labelled file. */
export function LabelledReportView({
  report: { id, name, holds, rows, known, notes, ...leftOut },
}: {
  report: LabelledReport;
}) {
  return (
    <div className="mt-3 rounded-md border p-3" role="status">
      <p>
        {known
          ? `These rows are in ${name} already: `
          : `${rows.toLocaleString("en")} ${kindWords[holds]} imported as ${name}. `}
        <Link className={buttonClass("primary")} href={`/runs/new?labelled=${id}`}>
          Train on this dataset
        </Link>
        <Link className={buttonClass("quiet")} href={`/datasets/labelled/${id}/records`}>
          Open records
        </Link>
      </p>
      <Notes notes={notes} />
      <SkippedLines {...leftOut} />
    </div>
  );
}

function SkippedLines({ bad, left }: LeftOut) {
  if (left === 0) return null;
  return (
    <>
      <p className="mt-2 font-medium text-warn">
        {left.toLocaleString("en")} {left === 1 ? "line" : "lines"} skipped
        {left > bad.length && `; the first ${bad.length.toLocaleString("en")} of them`}
      </p>
      <ul className="numbers mt-1 max-h-56 overflow-y-auto font-mono text-xs">
        {bad.map(({ line, reason }) => (
          <li key={`${line} ${reason}`}>
            Line {line}: {reason}
          </li>
        ))}
      </ul>
    </>
  );
}
