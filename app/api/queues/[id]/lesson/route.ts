import { z } from "zod";
import { lessonOf } from "@/lib/annotation/judging/training-answer";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ item: z.coerce.number().int() });

/** After one's vote on a gold pair of the training round: what is right, and why. */
export const GET = handle<{ params: Promise<{ id: string }> }>("annotate", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const { item } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(lessonOf(annotator.id, await queueIn(params), item));
});
