import { rowNumber } from "@/common/row-number";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { recordDetailOf } from "@/lib/annotation/records/record-detail";
import { recordDetail, recordSearch } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

/** One record with its votes and everything else that happened to it. */
export const GET = handle(
  "read",
  { query: recordSearch, answer: recordDetail },
  async ({ query: filter }, { params }: RouteContext<"/api/datasets/[id]/records/[record]">) => {
    const { id: viewer } = await requireAnnotator();
    const queueId = await queueIn(params);
    const { record } = await params;
    const number = rowNumber(record);
    const detail = number && recordDetailOf(queueId, viewer, number, filter);
    if (!detail) throw new AppError(404, `Dataset ${queueId} has no record ${record}.`);
    return detail;
  },
);
