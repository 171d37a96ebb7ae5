import { queueIn } from "@/lib/annotation/queues/require-queue";
import { deleteView, viewsOf } from "@/lib/annotation/records/record-views";
import { savedViews } from "@/lib/annotation/records/records-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Answers with the views that are left. */
export const DELETE = handle(
  "review",
  { answer: savedViews },
  async (_, { params }: RouteContext<"/api/datasets/[id]/views/[view]">) => {
    await requireAnnotator();
    const [queueId, { view }] = [await queueIn(params), await params];
    await retryOnBusyAsync(() => deleteView(queueId, Number(view) || 0));
    return viewsOf(queueId);
  },
);
