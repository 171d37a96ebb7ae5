import { z } from "zod";
import { operations } from "@/lib/api/operations";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { changeRuns } from "@/lib/runs/change-runs";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { listRuns } from "@/lib/runs/list-runs";
import { launchExamined } from "@/lib/runs/preflight";
import { changedRuns, deletedRuns, runChanges, runSummary } from "@/lib/runs/run-schema";
import { deleteRuns } from "@/lib/storage/delete-runs";

const wanted = z.object({ newest: z.coerce.number().int().min(1).optional() });

/** Every run, or the newest. */
export const GET = handle("read", { query: wanted, answer: z.array(runSummary) }, ({ query: { newest } }) =>
  listRuns(newest),
);
/** Launches a run, or those of a sweep. */
export const POST = handle("write", operations.launch, async ({ body: input }) => {
  const somebody = await currentAnnotator();
  return launchExamined(input, Date.now(), somebody?.id ?? null);
});

/** The same change of several runs. */
export const PATCH = handle("write", { body: runChanges, answer: changedRuns }, async ({ body: { ids, change } }) => {
  await retryOnBusyAsync(() => changeRuns(ids, change, true));
  return { changed: ids.length };
});

const doomed = z.object({ ids: runIds });

/** Deletes runs and their files. */
export const DELETE = handle("write", { query: doomed, answer: deletedRuns }, async ({ query: { ids } }) => {
  await deleteRuns(ids);
  return { deleted: ids.length };
});
