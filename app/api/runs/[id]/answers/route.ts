import { handle } from "@/lib/http/handle";
import { saidBy } from "@/lib/runs/run-queries";

export const GET = handle<RouteContext<"/api/runs/[id]/answers">>(async (_, { params }) =>
  Response.json(saidBy((await params).id)),
);
