import { rowNumber } from "@/common/row-number";
import { commentsDto } from "@/lib/annotation/comments/comments-schema";
import { commentsOn } from "@/lib/annotation/comments/list-comments";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

/** All those on a record. */
export const GET = handle(
  "read",
  { answer: commentsDto },
  async (_, { params }: RouteContext<"/api/datasets/[id]/records/[record]/comments">) => {
    const { id: reader } = await requireAnnotator();
    const queueId = await queueIn(params);
    const { record } = await params;
    const number = rowNumber(record);
    if (number === null) throw new AppError(404, `Dataset ${queueId} has no record ${record}.`);
    return commentsOn(queueId, number, reader);
  },
);
