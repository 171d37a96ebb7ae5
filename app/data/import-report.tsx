import Link from "next/link";
import type { ImportReport } from "@/lib/queues/schema";
import { buttonClass } from "../ui/buttons";

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
      {report.bad.length > 0 && (
        <>
          <p className="mt-2 font-medium text-warn">
            {report.bad.length} {report.bad.length === 1 ? "line" : "lines"} left out
          </p>
          <ul className="numbers mt-1 max-h-56 overflow-y-auto font-mono text-xs">
            {report.bad.map(({ line, reason }) => (
              <li key={line}>
                Line {line}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
