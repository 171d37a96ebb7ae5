import { handle } from "@/lib/http/handle";
import { curvesOf } from "@/lib/runs/curves";
import { requireRun } from "@/lib/runs/require-run";
import { curvesInput } from "@/lib/runs/run-schema";

export const GET = handle<RouteContext<"/api/runs/[id]/curves">>("read", async (request, { params }) => {
  const view = curvesInput.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(curvesOf(requireRun((await params).id).id, view));
});
