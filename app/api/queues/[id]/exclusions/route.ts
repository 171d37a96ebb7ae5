import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { exclusionInput } from "@/lib/doctor/schema";
import { exclude } from "@/lib/doctor/store";
import { body, handle } from "@/lib/http";
import { queueIn, requirePairs } from "@/lib/queues/found";

/** Leaves pairs out, or takes them in again. */
export const POST = handle<RouteContext<"/api/queues/[id]/exclusions">>(async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const exclusion = await body(request, exclusionInput);
  requirePairs(queueId, exclusion.itemIds);
  await patientlyAsync(() => exclude(annotator.id, exclusion, Date.now()));
  return Response.json({ saved: true });
});
