import { ownSummary } from "@/lib/annotation/judging/own-summary";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** What one did here oneself. */
export const GET = handle<RouteContext<"/api/queues/[id]/mine">>("annotate", async (_, { params }) => {
  const annotator = await requireAnnotator();
  return Response.json(ownSummary(annotator.id, await queueIn(params)));
});
