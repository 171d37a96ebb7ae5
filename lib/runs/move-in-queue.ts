// Another place in the queue for a run.
import "server-only";
import { eq } from "drizzle-orm";
import { groupBy } from "../../common/group-by";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type Run, runs } from "../db/tables/runs";
import { queuedRuns } from "./queue-order";
import { requireRun } from "./require-run";
import type { Move } from "./run-schema";

const placeAfter: Record<Move, (at: number) => number> = {
  "move-first": () => 0,
  "move-up": (at) => Math.max(0, at - 1),
  "move-down": (at) => at + 1,
};

/** Of a run in its new place: its own, or that of the neighbour whom it would not stand beside otherwise. */
function priorityAt(order: ReturnType<typeof queuedRuns>, id: string): Run["priority"] {
  const at = order.findIndex((run) => run.id === id);
  const [before, own, after] = [order[at - 1], order[at]!, order[at + 1]];
  if (after && after.rank < own.rank) return after.priority;
  return before && before.rank > own.rank ? before.priority : own.priority;
}

/** `move`: where to from where it stands, or the place itself, from 0. Gives the queued runs the same turns in another order, so that one that is launched later still comes last. */
export function moveInQueue(id: string, move: Move | number): void {
  const { name, status } = requireRun(id);
  appDb().transaction(
    (tx) => {
      const queue = queuedRuns();
      const at = queue.findIndex((run) => run.id === id);
      if (at === -1 && status === "queued")
        throw new AppError(409, `${name} is held until others of its sweep do worse; it has no place in the queue.`);
      if (at === -1) throw new AppError(409, `${name} is ${status}; only a queued run can be moved.`);
      const order = queue
        .toSpliced(at, 1)
        .toSpliced(typeof move === "number" ? move : placeAfter[move](at), 0, queue[at]!);
      const priority = priorityAt(order, id);
      const placed = order.map((run) => (run.id === id ? { ...run, priority } : run));
      for (const same of groupBy(placed, (run) => run.priority).values()) {
        const turns = same.map(({ turn }) => turn).toSorted((a, b) => a - b);
        let last = Number.NEGATIVE_INFINITY;
        for (const [i, run] of same.entries()) {
          last = Math.max(turns[i]!, last + 1); // two launches may share a millisecond
          tx.update(runs).set({ turn: last, priority: run.priority }).where(eq(runs.id, run.id)).run();
        }
      }
    },
    { behavior: "immediate" },
  );
}
