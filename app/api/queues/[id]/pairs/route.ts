import { requireAnnotator } from "@/lib/annotators/queries";
import { handle } from "@/lib/http";
import { nextPairs, pairsAhead } from "@/lib/judgements/store";
import { getQueue } from "@/lib/queues/queries";

export const GET = handle<RouteContext<"/api/queues/[id]/pairs">>(async (_, { params }) => {
  const annotator = await requireAnnotator();
  const queue = getQueue(Number((await params).id), annotator.id);
  return Response.json({ queue, pairs: nextPairs(annotator.id, queue.id, pairsAhead) });
});
