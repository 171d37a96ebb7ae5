import { z } from "zod";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { startScoring } from "@/lib/generation/fill";
import { fillState } from "@/lib/generation/fill-schema";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const input = z.strictObject({ run: z.string().min(1) });

/** Has a reward run's model score the queue's pairs; /api/queues/fill tells how far it is. */
export const POST = handle(
  "write",
  { body: input, answer: fillState },
  async ({ body: { run } }, { params }: RouteContext<"/api/queues/[id]/scores">) => {
    await requireAnnotator();
    const queueId = await queueIn(params);
    return startScoring(queueId, run);
  },
);
