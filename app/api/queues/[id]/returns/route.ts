import { returnInput } from "@/lib/annotation/judging/judging-schema";
import { returnItems } from "@/lib/annotation/judging/returns";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Sends pairs back to those who judged them; answers with how many they are. */
export const POST = handle<RouteContext<"/api/queues/[id]/returns">>("review", async (request, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  const { note, ...which } = await body(request, returnInput);
  const itemIds = "itemIds" in which ? which.itemIds : [which.itemId];
  requirePairs(queueId, itemIds);
  return Response.json(await retryOnBusyAsync(() => returnItems(reviewer.id, itemIds, note, Date.now())));
});
