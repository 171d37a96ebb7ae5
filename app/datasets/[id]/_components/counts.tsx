import type { Route } from "next";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { countRecords } from "@/lib/annotation/records/list-records";
import type { RecordStatus } from "@/lib/annotation/records/records-schema";
import { Link } from "../../../ui/link";
import { statusWords } from "./record-words";

/** How many records are in which state; each leads to them. */
export function Counts({ queue: { id, overlap, progress, gold }, disputes }: { queue: QueueDto; disputes: number }) {
  const { total, status } = countRecords(id);
  const address = (status?: string) => `/datasets/${id}/records${status ? `?status=${status}` : ""}` as Route;
  return (
    <>
      <ul className="numbers flex flex-wrap gap-x-8 gap-y-3">
        <Count href={address()} label="All" count={total} />
        {status.map(({ value, count }) => (
          <Count key={value} href={address(value)} label={statusWords[value as RecordStatus]} count={count} />
        ))}
      </ul>
      <p className="numbers mt-3 text-soft text-xs">
        {overlap === null
          ? "Everyone annotates all records."
          : `${overlap} ${overlap === 1 ? "annotation" : "annotations"} per record.`}{" "}
        You annotated {progress.judged.toLocaleString("en")} of {progress.total.toLocaleString("en")}.
        {gold > 0 && ` ${gold.toLocaleString("en")} gold records test annotators.`}
        {disputes > 0 && ` On ${disputes.toLocaleString("en")} of them annotators disagree.`}
      </p>
    </>
  );
}

const Count = ({ href, label, count }: { href: Route; label: string; count: number }) => (
  <li>
    <Link href={href} className="group block">
      <span className="block text-lg">{count.toLocaleString("en")}</span>
      <span className="text-soft group-hover:underline">{label}</span>
    </Link>
  </li>
);
