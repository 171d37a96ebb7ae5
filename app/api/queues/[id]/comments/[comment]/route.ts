import { rowNumber } from "@/common/row-number";
import { commentChange, commentId } from "@/lib/annotation/comments/comments-schema";
import { changeComment, deleteComment } from "@/lib/annotation/comments/write-comments";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

type Context = RouteContext<"/api/queues/[id]/comments/[comment]">;

async function commentOf({ params }: Context): Promise<number> {
  const { comment } = await params;
  const id = rowNumber(comment);
  if (id === null) throw new AppError(404, `There is no comment ${comment}.`);
  return id;
}

/** Changes the text of one's own, or whether it is resolved, which reviewers say. */
export const PATCH = handle(
  "annotate",
  { body: commentChange, answer: commentId },
  async ({ body }, context: Context) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(context.params);
    const id = await commentOf(context);
    await retryOnBusyAsync(() => changeComment(queueId, id, annotator.id, body, Date.now()));
    return { id };
  },
);

/** Deletes one's own. */
export const DELETE = handle("annotate", { answer: commentId }, async (_, context: Context) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(context.params);
  const id = await commentOf(context);
  await retryOnBusyAsync(() => deleteComment(queueId, id, annotator.id));
  return { id };
});
