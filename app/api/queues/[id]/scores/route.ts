import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { startScoring } from "@/lib/generation/fill";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const input = z.strictObject({ run: z.string().min(1) });

/** Has a reward run's model score the queue's pairs; /api/queues/fill tells how far it is. */
export const POST = handle<RouteContext<"/api/queues/[id]/scores">>("write", async (request, { params }) => {
  await requireAnnotator();
  const queueId = await queueIn(params);
  const { run } = await body(request, input);
  return Response.json(startScoring(queueId, run));
});
