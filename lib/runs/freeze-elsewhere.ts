// Large datasets are frozen for a run by a process of their own: of fifty thousand votes it takes seconds, in which no page would be answered.
import { tallyOf } from "../annotation/judging/tally";
import {
  createFreezer,
  type Freezer,
  type FrozenFiles,
  frozenFile,
  keyOf,
  rowsFor,
} from "../datasets/snapshots/freezer";
import { reportOf } from "../jobs/workbench";
import type { DescribedRun } from "./launch";

/** Freezes what a run is to learn from; what is small is frozen once it is asked for. */
export async function freezerFor({ data, evaluation, config }: DescribedRun, now: number): Promise<Freezer> {
  const written: FrozenFiles = new Map();
  for (const set of [data, evaluation ?? []].flat()) {
    if (set.kind !== "queue" && set.kind !== "rewrites") continue;
    const rows = rowsFor(set.kind, config.method);
    const key = keyOf(set.id, rows);
    if (written.has(key) || isSmall(set.id)) continue;
    written.set(
      key,
      await reportOf(frozenFile, ["freeze", String(set.id)], { entry: "lib/cli.ts", options: { rows } }),
    );
  }
  return createFreezer(now, written);
}

/** Rows up to which they are frozen here: sooner than a process begins. */
const few = 2000;

/** Labels that came with the file are no votes, but are frozen as well. */
function isSmall(queueId: number): boolean {
  const { votes, decided } = tallyOf(queueId);
  return Math.max(votes, decided) <= few;
}
