import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http";
import { disputesOf, rule } from "@/lib/judgements/disputes";
import { rulingInput } from "@/lib/judgements/schema";
import { queueIn, requirePairs } from "@/lib/queues/found";

type Context = RouteContext<"/api/queues/[id]/disputes">;

export const GET = handle<Context>(async (_, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  return Response.json(disputesOf(queueId, reviewer.id));
});

/** A ruling; answers with the list as it stands now. */
export const POST = handle<Context>(async (request, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  const ruling = await body(request, rulingInput);
  requirePairs(queueId, [ruling.itemId]);
  await patientlyAsync(() => rule(reviewer.id, ruling, Date.now()));
  return Response.json(disputesOf(queueId, reviewer.id));
});
