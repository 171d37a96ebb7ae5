import { requireAnnotator } from "@/lib/annotators/queries";
import { handle } from "@/lib/http";
import { queueIn } from "@/lib/queues/found";
import { rankingScreen } from "@/lib/queues/queries";

export const GET = handle<RouteContext<"/api/queues/[id]/tasks">>(async (_, { params }) => {
  const annotator = await requireAnnotator();
  return Response.json(rankingScreen(await queueIn(params), annotator.id));
});
