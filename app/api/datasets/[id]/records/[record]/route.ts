import { rowNumber } from "@/common/row-number";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { recordDetailOf } from "@/lib/annotation/records/record-detail";
import { filterOf } from "@/lib/annotation/records/records-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

/** One record with its votes and everything else that happened to it. */
export const GET = handle<RouteContext<"/api/datasets/[id]/records/[record]">>("read", async (request, { params }) => {
  const { id: viewer } = await requireAnnotator();
  const queueId = await queueIn(params);
  const { record } = await params;
  const filter = filterOf(new URL(request.url).searchParams);
  const number = rowNumber(record);
  const detail = number && recordDetailOf(queueId, viewer, number, filter);
  if (!detail) throw new AppError(404, `Dataset ${queueId} has no record ${record}.`);
  return Response.json(detail);
});
