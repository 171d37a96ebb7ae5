import Link from "next/link";
import { kindWords } from "@/lib/labelled/kinds";
import type { LabelledReport } from "@/lib/labelled/schema";
import type { ImportReport } from "@/lib/queues/schema";
import { buttonClass } from "../ui/buttons";
import { Notes } from "./notes";

/** What came of an import: the good rows are in, the others are named. */
export function ImportReportView({ report }: { report: ImportReport }) {
  return (
    <div className="mt-3 rounded-md border p-3" role="status">
      <p>
        {report.added} pairs added to <span className="font-medium">{report.queue}</span>
        {report.duplicates > 0 && `, ${report.duplicates} were there already`}.{" "}
        <Link className={buttonClass("quiet")} href={`/annotate/${report.queueId}`}>
          Rank them
        </Link>
      </p>
      <Notes notes={report.notes} />
      <BadLines bad={report.bad} />
    </div>
  );
}

/** The same of a file that came with its labels. */
export function LabelledReportView({
  report: { id, name, holds, rows, known, bad, notes },
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
          Train on it
        </Link>
      </p>
      <Notes notes={notes} />
      <BadLines bad={bad} />
    </div>
  );
}

function BadLines({ bad }: { bad: ImportReport["bad"] }) {
  if (bad.length === 0) return null;
  return (
    <>
      <p className="mt-2 font-medium text-warn">
        {bad.length.toLocaleString("en")} {bad.length === 1 ? "line" : "lines"} left out
      </p>
      <ul className="numbers mt-1 max-h-56 overflow-y-auto font-mono text-xs">
        {bad.map(({ line, reason }) => (
          <li key={line}>
            Line {line}: {reason}
          </li>
        ))}
      </ul>
    </>
  );
}
