import { queueIn } from "@/lib/annotation/queues/require-queue";
import { duplicateQueue } from "@/lib/datasets/manage/duplicate-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

/** Answers with the copy's id. */
export const POST = handle<RouteContext<"/api/queues/[id]/duplicate">>(async (_, { params }) => {
  await requireAnnotator();
  return Response.json({ id: await duplicateQueue(await queueIn(params), Date.now()) }, { status: 201 });
});
