import { tallyOf } from "@/lib/annotation/judging/tally";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { tagRecords } from "@/lib/annotation/records/record-tags";
import { taggingInput } from "@/lib/annotation/records/records-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Puts a tag on records, or takes it off. */
export const POST = handle<RouteContext<"/api/datasets/[id]/tags">>("review", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const tagging = await body(request, taggingInput);
  requirePairs(queueId, tagging.itemIds);
  const tally = tallyOf(queueId);
  const changed = await retryOnBusyAsync(() => tagRecords(tally, annotator.id, tagging, Date.now()));
  return Response.json({ changed });
});
