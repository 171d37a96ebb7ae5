import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { currentAnnotator } from "@/lib/people/current-annotator";
import { changeRuns } from "@/lib/runs/change-runs";
import { runIds } from "@/lib/runs/compare/compare-schema";
import { listRuns } from "@/lib/runs/list-runs";
import { launchExamined } from "@/lib/runs/preflight";
import { launchInput, runChanges } from "@/lib/runs/run-schema";
import { deleteRuns } from "@/lib/storage/delete-runs";

const wanted = z.object({ newest: z.coerce.number().int().min(1).optional() });

export const GET = handle("read", (request) => {
  const { newest } = wanted.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(listRuns(newest));
});
export const POST = handle("write", async (request) => {
  const input = await body(request, launchInput);
  const somebody = await currentAnnotator();
  return Response.json(await launchExamined(input, Date.now(), somebody?.id ?? null), { status: 201 });
});

/** The same change of several runs. */
export const PATCH = handle("write", async (request) => {
  const { ids, change } = await body(request, runChanges);
  await retryOnBusyAsync(() => changeRuns(ids, change, true));
  return Response.json({ changed: ids.length });
});

const doomed = z.object({ ids: runIds });

export const DELETE = handle("write", async (request) => {
  const { ids } = doomed.parse(Object.fromEntries(new URL(request.url).searchParams));
  await deleteRuns(ids);
  return Response.json({ deleted: ids.length });
});
