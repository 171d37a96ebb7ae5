import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { logOf } from "@/lib/runs/run-log";

export const GET = handle<RouteContext<"/api/runs/[id]/log">>("read", async (_, { params }) =>
  Response.json(logOf(requireRun((await params).id))),
);
