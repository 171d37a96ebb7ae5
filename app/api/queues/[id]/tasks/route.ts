import { requireAnnotator } from "@/lib/annotators/queries";
import { handle } from "@/lib/http";
import { rankingScreen } from "@/lib/queues/queries";

export const GET = handle<RouteContext<"/api/queues/[id]/tasks">>(async (_, { params }) => {
  const annotator = await requireAnnotator();
  return Response.json(rankingScreen(Number((await params).id), annotator.id));
});
