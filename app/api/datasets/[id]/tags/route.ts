import { tallyOf } from "@/lib/annotation/judging/tally";
import { queueIn, requirePairs } from "@/lib/annotation/queues/require-queue";
import { tagRecords } from "@/lib/annotation/records/record-tags";
import { tagged, taggingInput } from "@/lib/annotation/records/records-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Puts a tag on records, or takes it off. */
export const POST = handle(
  "review",
  { body: taggingInput, answer: tagged },
  async ({ body: tagging }, { params }: RouteContext<"/api/datasets/[id]/tags">) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(params);
    requirePairs(queueId, tagging.itemIds);
    const tally = tallyOf(queueId);
    const changed = await retryOnBusyAsync(() => tagRecords(tally, annotator.id, tagging, Date.now()));
    return { changed };
  },
);
