import { z } from "zod";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { changeRuns } from "@/lib/runs/change-runs";
import { runDetail } from "@/lib/runs/run-detail";
import { runAction, runChange } from "@/lib/runs/run-schema";
import { requestResume, requestStop } from "@/lib/runs/stop-and-resume";

export const GET = handle<RouteContext<"/api/runs/[id]">>(async (_, { params }) =>
  Response.json(runDetail((await params).id)),
);

/** Asks a run to stop or to go on, or changes what people wrote on it. */
export const PATCH = handle<RouteContext<"/api/runs/[id]">>(async (request, { params }) => {
  const { id } = await params;
  const asked = await body(request, z.union([runAction, runChange]));
  await retryOnBusyAsync(() => {
    if (!("action" in asked)) changeRuns([id], asked);
    else if (asked.action === "stop" || asked.action === "stop-now") requestStop(id, asked.action === "stop-now");
    else requestResume(id, asked.action === "resume-changed");
  });
  return Response.json(runDetail(id));
});
