import { exclusionInput } from "@/lib/annotation/data-checks/data-checks-schema";
import { exclude } from "@/lib/annotation/data-checks/exclude";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Leaves pairs out, or takes them in again. */
export const POST = handle<RouteContext<"/api/queues/[id]/exclusions">>(async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const exclusion = await body(request, exclusionInput);
  requirePairs(queueId, exclusion.itemIds);
  const changed = await retryOnBusyAsync(() => exclude(annotator.id, exclusion, Date.now()));
  return Response.json({ changed });
});
