import { handle } from "@/lib/http";
import { saidBy } from "@/lib/runs/queries";

export const GET = handle<RouteContext<"/api/runs/[id]/answers">>(async (_, { params }) =>
  Response.json(saidBy((await params).id)),
);
