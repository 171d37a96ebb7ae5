// Large datasets are frozen for a run by a process of their own: of fifty thousand votes it takes seconds, in which no page would be answered.

import { namedTexts } from "../../spec/methods/sampling-of";
import { tallyOf } from "../annotation/judging/tally";
import { annotatedNow, withVersion } from "../datasets/data-files";
import { requireReadable } from "../datasets/require-readable";
import {
  createFreezer,
  type Freezer,
  type FrozenFiles,
  type FrozenRows,
  frozenFile,
  keyOf,
  rowsFor,
  rowsIn,
} from "../datasets/snapshots/freezer";
import { reportOf } from "../jobs/workbench";
import type { DescribedRun } from "./launch";
import { requireOpenSet } from "./rows-of-set";

/**
 * Freezes what a run is to learn from and to be evaluated on; what is small is frozen once it is asked for. Throws a 404 before anything is
 * frozen where a dataset is not theirs.
 */
export async function freezerFor({ data, evaluation, config }: DescribedRun, now: number): Promise<Freezer> {
  const written: FrozenFiles = new Map();
  const freeze = async (id: number, asked: FrozenRows) => {
    const rows = rowsIn(id, asked);
    const key = keyOf(id, rows);
    if (written.has(key) || isSmall(id)) return;
    const file = await reportOf(frozenFile, ["freeze", String(id)], { entry: "lib/cli.ts", options: { rows } });
    written.set(key, file);
  };
  const sets = [data, evaluation ?? []].flat();
  const named = [evaluation ? [] : evaluationIn(config), namedTexts(config)?.source ?? []].flat();
  for (const set of sets) requireOpenSet(set);
  for (const source of named) requireReadable(source);
  for (const set of sets)
    if (set.kind === "labelled") await withVersion(`labelled:${set.id}`);
    else if (set.kind === "queue" || set.kind === "rewrites") await freeze(set.id, rowsFor(set.kind, config));
  for (const source of named) {
    await withVersion(source);
    for (const id of annotatedNow(source)) await freeze(id, rowsFor("queue", config));
  }
  return createFreezer(now, written);
}

/** What the config itself names to evaluate on. */
function evaluationIn({ data }: DescribedRun["config"]): string | [] {
  return typeof data === "object" && data !== null && "eval" in data && typeof data.eval === "string" ? data.eval : [];
}

/** Rows up to which they are frozen here: sooner than a process begins. */
const few = 2000;

/** Labels that came with the file are no votes, but are frozen as well. */
function isSmall(queueId: number): boolean {
  const { votes, decided } = tallyOf(queueId);
  return Math.max(votes, decided) <= few;
}
