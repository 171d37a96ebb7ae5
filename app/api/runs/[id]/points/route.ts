import { rowsOf } from "@/lib/history/metric-rows";
import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";

/** Every row that the run logged. */
export const GET = handle<RouteContext<"/api/runs/[id]/points">>("read", async (_, { params }) => {
  const { id } = requireRun((await params).id);
  return Response.json(Array.from(rowsOf(id), ({ step, ...values }) => ({ step, values })));
});
