import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { runDetail } from "@/lib/runs/run-detail";
import { runAction } from "@/lib/runs/run-schema";
import { requestResume, requestStop } from "@/lib/runs/stop-and-resume";

export const GET = handle<RouteContext<"/api/runs/[id]">>(async (_, { params }) =>
  Response.json(runDetail((await params).id)),
);

export const PATCH = handle<RouteContext<"/api/runs/[id]">>(async (request, { params }) => {
  const { id } = await params;
  const { action } = await body(request, runAction);
  await retryOnBusyAsync(() =>
    action === "stop" || action === "stop-now"
      ? requestStop(id, action === "stop-now")
      : requestResume(id, action === "resume-changed"),
  );
  return Response.json(runDetail(id));
});
