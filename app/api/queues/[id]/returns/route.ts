import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http";
import { sendBack } from "@/lib/judgements/returns";
import { returnInput } from "@/lib/judgements/schema";
import { queueIn, requirePairs } from "@/lib/queues/found";

/** Sends a pair back to those who judged it; answers with how many they are. */
export const POST = handle<RouteContext<"/api/queues/[id]/returns">>(async (request, { params }) => {
  const reviewer = await requireAnnotator();
  const queueId = await queueIn(params);
  const { itemId, note } = await body(request, returnInput);
  requirePairs(queueId, [itemId]);
  const people = await patientlyAsync(() => sendBack(reviewer.id, itemId, note, Date.now()));
  return Response.json({ people });
});
