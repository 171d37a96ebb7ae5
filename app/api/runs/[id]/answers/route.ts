import { handle } from "@/lib/http/handle";
import { samplesOf } from "@/lib/runs/run-samples";

export const GET = handle<RouteContext<"/api/runs/[id]/answers">>(async (_, { params }) =>
  Response.json(samplesOf((await params).id)),
);
