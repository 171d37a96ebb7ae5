import { z } from "zod";
import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { startScoring } from "@/lib/queues/fill";
import { queueIn } from "@/lib/queues/found";

const input = z.strictObject({ run: z.string().min(1) });

/** Has a reward run's model score the queue's pairs; /api/queues/fill tells how far it is. */
export const POST = handle<RouteContext<"/api/queues/[id]/scores">>(async (request, { params }) => {
  await requireAnnotator();
  const queueId = await queueIn(params);
  const { run } = await body(request, input);
  return Response.json(startScoring(queueId, run));
});
