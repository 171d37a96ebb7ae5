import { rulingInput } from "@/lib/annotation/judging/judging-schema";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { disputesOf, rule } from "@/lib/annotation/review/disputes";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/queues/[id]/disputes">;

export const GET = handle<Context>("read", async (_, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  return Response.json(disputesOf(queueId, reviewer.id));
});

/** A ruling; answers with the list as it stands now. */
export const POST = handle<Context>("review", async (request, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  const ruling = await body(request, rulingInput);
  requirePairs(queueId, [ruling.itemId]);
  await retryOnBusyAsync(() => rule(reviewer.id, ruling, Date.now()));
  return Response.json(disputesOf(queueId, reviewer.id));
});
