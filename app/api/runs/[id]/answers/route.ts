import { handle } from "@/lib/http/handle";
import { requireRun } from "@/lib/runs/require-run";
import { samplesOf } from "@/lib/runs/run-samples";

export const GET = handle<RouteContext<"/api/runs/[id]/answers">>("read", async (_, { params }) =>
  Response.json(samplesOf(requireRun((await params).id).id)),
);
