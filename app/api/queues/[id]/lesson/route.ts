import { z } from "zod";
import { lesson } from "@/lib/annotation/judging/judging-schema";
import { lessonOf } from "@/lib/annotation/judging/training-answer";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ item: z.coerce.number().int() });

/** After one's vote on a gold pair of the training round: what is right, and why. */
export const GET = handle(
  "annotate",
  { query, answer: lesson },
  async ({ query: { item } }, { params }: { params: Promise<{ id: string }> }) => {
    const annotator = await requireAnnotator();
    return lessonOf(annotator.id, await queueIn(params), item);
  },
);
