import type { Route } from "next";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { countRecords } from "@/lib/annotation/records/list-records";
import type { RecordStatus, VoteSaid } from "@/lib/annotation/records/records-schema";
import { Link } from "../../../ui/link";
import { saidWords, statusWords } from "./record-words";

/** How many records are in which state; each leads to them. */
export function Counts({ queue: { id, overlap, progress, gold }, disputes }: { queue: QueueDto; disputes: number }) {
  const { total, status, said } = countRecords(id);
  const address = (status?: string) => `/datasets/${id}/records${status ? `?status=${status}` : ""}` as Route;
  return (
    <>
      <ul className="numbers flex flex-wrap gap-x-8 gap-y-3">
        <Count href={address()} label="All" count={total} />
        {status.map(({ value, count }) => (
          <Count key={value} href={address(value)} label={statusWords[value as RecordStatus]} count={count} />
        ))}
      </ul>
      {said.length > 0 && <Said id={id} said={said} />}
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

/** What annotators say of the records, as bars to the same scale; each leads to those of which somebody said it. */
function Said({ id, said }: { id: number; said: { value: string; count: number }[] }) {
  const most = Math.max(...said.map(({ count }) => count));
  return (
    <dl className="numbers mt-4 grid max-w-2xl grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-xs">
      {said.map(({ value, count }) => (
        <div key={value} className="contents">
          <dt className="text-soft">
            <Link href={`/datasets/${id}/records?said=${value}` as Route} className="hover:underline">
              {saidWords[value as VoteSaid]}
            </Link>
          </dt>
          <dd aria-hidden className="h-2 rounded-full bg-raised">
            <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * count) / most}%` }} />
          </dd>
          <dd className="text-right">{count.toLocaleString("en")}</dd>
        </div>
      ))}
    </dl>
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
