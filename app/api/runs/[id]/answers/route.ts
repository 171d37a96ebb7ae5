import { handle } from "@/lib/http";
import { answersOf, logOf } from "@/lib/runs/queries";

export const GET = handle<RouteContext<"/api/runs/[id]/answers">>(async (_, { params }) => {
  const { id } = await params;
  return Response.json({ answers: answersOf(id), log: logOf(id) });
});
