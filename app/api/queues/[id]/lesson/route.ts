import { z } from "zod";
import { requireAnnotator } from "@/lib/annotators/queries";
import { handle } from "@/lib/http";
import { lessonOf } from "@/lib/judgements/lessons";
import { queueIn } from "@/lib/queues/found";

const query = z.object({ item: z.coerce.number().int() });

/** After one's vote on a gold pair of the training round: what is right, and why. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  const annotator = await requireAnnotator();
  const { item } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(lessonOf(annotator.id, await queueIn(params), item));
});
