import { useState } from "react";
import type { RunRow } from "@/lib/runs/run-schema";
import { Button } from "../../ui/buttons";
import { exactDate } from "../../ui/format";
import { Link } from "../../ui/link";
import { MoveInQueue } from "./move-in-queue";
import { useChangeRuns } from "./use-change-runs";

/** Rows that are shown before somebody asks for more. */
const atOnce = 5;

/** Queued runs in their order, which is changed here. */
export function Queue({ runs }: { runs: RunRow[] }) {
  const change = useChangeRuns();
  const [all, setAll] = useState(false);
  const queued = runs.filter(({ place }) => place !== null).toSorted((a, b) => a.place! - b.place!);
  if (queued.length === 0) return null;
  return (
    <section aria-label="Queue" className="numbers mb-4 rounded-md border bg-surface py-1">
      <h2 className="px-3 py-1 text-sm">
        Queue <span className="font-normal text-soft">{queued.length}</span>
      </h2>
      <ol>
        {queued.slice(0, all ? queued.length : atOnce).map((run) => (
          <li key={run.id} className="flex flex-wrap items-center gap-x-3 px-3">
            <span className="w-6 text-right text-soft">{run.place}</span>
            <Link href={`/runs/${run.id}`} className="min-w-0 truncate font-medium hover:underline">
              {run.name}
            </Link>
            <span suppressHydrationWarning className="min-w-0 truncate text-soft text-xs">
              {waitWords(run)}
            </span>
            <span className="ml-auto flex items-center">
              <MoveInQueue
                name={run.name}
                place={run.place!}
                isLast={run === queued.at(-1)}
                move={(action) => change.one(run.id, { action })}
              />
              <Button
                kind="quiet"
                aria-label={`Cancel ${run.name}`}
                onClick={() => change.one(run.id, { action: "stop" })}
              >
                Cancel
              </Button>
            </span>
          </li>
        ))}
      </ol>
      {!all && queued.length > atOnce && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          Show all {queued.length}
        </Button>
      )}
    </section>
  );
}

/** What else than its turn a run waits for. */
const waitWords = ({ notBefore, waitsFor }: RunRow): string =>
  [
    ...(notBefore === null ? [] : [`not before ${exactDate(notBefore)}`]),
    ...(waitsFor.length === 0 ? [] : [`after ${waitsFor.map(({ name }) => name).join(", ")}`]),
  ].join(", ");
