import { returned, returnInput } from "@/lib/annotation/judging/judging-schema";
import { returnItems } from "@/lib/annotation/judging/returns";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Sends pairs back to those who judged them; answers with how many they are. */
export const POST = handle(
  "review",
  { body: returnInput, answer: returned },
  async ({ body: { note, ...which } }, { params }: RouteContext<"/api/queues/[id]/returns">) => {
    const reviewer = await requireAnnotator();
    const queueId = await queueIn(params);
    const itemIds = "itemIds" in which ? which.itemIds : [which.itemId];
    requirePairs(queueId, itemIds);
    return retryOnBusyAsync(() => returnItems(reviewer.id, itemIds, note, Date.now()));
  },
);
