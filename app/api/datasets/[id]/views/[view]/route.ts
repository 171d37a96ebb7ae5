import { queueIn } from "@/lib/annotation/queues/require-queue";
import { deleteView, viewsOf } from "@/lib/annotation/records/record-views";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Answers with the views that are left. */
export const DELETE = handle<RouteContext<"/api/datasets/[id]/views/[view]">>("review", async (_, { params }) => {
  await requireAnnotator();
  const [queueId, { view }] = [await queueIn(params), await params];
  await retryOnBusyAsync(() => deleteView(queueId, Number(view) || 0));
  return Response.json(viewsOf(queueId));
});
