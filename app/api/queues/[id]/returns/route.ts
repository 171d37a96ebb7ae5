import { returnInput } from "@/lib/annotation/judging/judging-schema";
import { returnItem } from "@/lib/annotation/judging/returns";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Sends a pair back to those who judged it; answers with how many they are. */
export const POST = handle<RouteContext<"/api/queues/[id]/returns">>(async (request, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  const { itemId, note } = await body(request, returnInput);
  requirePairs(queueId, [itemId]);
  const people = await retryOnBusyAsync(() => returnItem(reviewer.id, itemId, note, Date.now()));
  return Response.json({ people });
});
