import { operations } from "@/lib/api/operations";
import { rowsOf } from "@/lib/history/metric-rows";
import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";

/** Every row that the run logged. */
export const GET = handle("read", operations.points, async (_, { params }: RouteContext<"/api/runs/[id]/points">) => {
  const { id } = requireRun((await params).id);
  return Array.from(rowsOf(id), ({ step, ...values }) => ({ step, values }));
});
