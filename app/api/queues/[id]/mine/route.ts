import { ownSummary as ownSummarySchema } from "@/lib/annotation/judging/judging-schema";
import { ownSummary } from "@/lib/annotation/judging/own-summary";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** What one did here oneself. */
export const GET = handle(
  "annotate",
  { answer: ownSummarySchema },
  async (_, { params }: RouteContext<"/api/queues/[id]/mine">) => {
    const annotator = await requireAnnotator();
    return ownSummary(annotator.id, await queueIn(params));
  },
);
