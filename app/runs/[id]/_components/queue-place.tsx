import type { RunDetail } from "@/lib/runs/run-schema";
import { Button } from "../../../ui/buttons";
import { exactDate } from "../../../ui/format";
import { MoveInQueue } from "../../_components/move-in-queue";
import { Priority } from "../../_components/priority";
import { useAct } from "./use-act";
import { useChangeRun } from "./use-change-run";

/** Where a queued run stands, when it may start, and how both are changed. */
export function QueuePlace({ run, place }: { run: RunDetail; place: number }) {
  const { mutate } = useAct(run.id);
  const change = useChangeRun(run.id);
  return (
    <span className="flex flex-wrap items-center justify-end gap-x-3">
      {run.notBefore !== null && (
        <>
          <span suppressHydrationWarning>Starts no earlier than {exactDate(run.notBefore)}</span>
          <Button data-needs="write" kind="quiet" onClick={() => change({ notBefore: null })}>
            Start as soon as possible
          </Button>
        </>
      )}
      <span>
        {place === 1 && run.notBefore === null && run.waitsFor.length === 0
          ? "Next in the queue"
          : `Number ${place} in the queue`}
      </span>
      <Priority name={run.name} priority={run.priority} onChange={(priority) => change({ priority })} />
      <MoveInQueue name={run.name} place={place} move={mutate} />
    </span>
  );
}
