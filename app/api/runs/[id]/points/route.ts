import { rowsOf } from "@/lib/history/rows";
import { handle } from "@/lib/http";
import { found } from "@/lib/runs/found";

/** Every row that the run logged. */
export const GET = handle<RouteContext<"/api/runs/[id]/points">>(async (_, { params }) => {
  const { id } = found((await params).id);
  return Response.json(Array.from(rowsOf(id), ({ step, ...values }) => ({ step, values })));
});
