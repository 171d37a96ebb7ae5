import { queueIn } from "@/lib/annotation/queues/require-queue";
import { recordIdsOf } from "@/lib/annotation/records/list-records";
import { filterOf } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** All records that a filter leaves, by number. */
export const GET = handle<RouteContext<"/api/datasets/[id]/records/ids">>("read", async (request, { params }) => {
  await requireAnnotator();
  const queueId = await queueIn(params);
  return Response.json({ ids: recordIdsOf(queueId, filterOf(new URL(request.url).searchParams)) });
});
