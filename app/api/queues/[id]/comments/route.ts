import { commentId, commentInput, commentsDto, recordQuery } from "@/lib/annotation/comments/comments-schema";
import { commentsBeside } from "@/lib/annotation/comments/list-comments";
import { writeComment } from "@/lib/annotation/comments/write-comments";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

type Context = RouteContext<"/api/queues/[id]/comments">;

/** Those on a record, as the annotation screen shows them: others' after one's own vote. */
export const GET = handle(
  "annotate",
  { query: recordQuery, answer: commentsDto },
  async ({ query: { record } }, { params }: Context) => {
    const annotator = await requireAnnotator();
    return commentsBeside(await queueIn(params), record, annotator.id);
  },
);

/** Writes one. */
export const POST = handle(
  "annotate",
  { body: commentInput, answer: commentId, status: 201 },
  async ({ body }, { params }: Context) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(params);
    return { id: await retryOnBusyAsync(() => writeComment(queueId, annotator.id, body, Date.now())) };
  },
);
