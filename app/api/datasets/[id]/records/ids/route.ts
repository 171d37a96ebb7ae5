import { queueIn } from "@/lib/annotation/queues/require-queue";
import { recordIdsOf } from "@/lib/annotation/records/list-records";
import { recordIds, recordSearch } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** All records that a filter leaves, by number. */
export const GET = handle(
  "read",
  { query: recordSearch, answer: recordIds },
  async ({ query: filter }, { params }: RouteContext<"/api/datasets/[id]/records/ids">) => {
    await requireAnnotator();
    const queueId = await queueIn(params);
    return { ids: recordIdsOf(queueId, filter) };
  },
);
