import { z } from "zod";
import { pastVotes } from "@/lib/annotation/judging/judging-schema";
import { history } from "@/lib/annotation/judging/own-history";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ before: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER) });
const atOnce = 20;

/** One's own votes before a number, newest first. */
export const GET = handle(
  "annotate",
  { query, answer: pastVotes },
  async ({ query: { before } }, { params }: RouteContext<"/api/queues/[id]/history">) => {
    const annotator = await requireAnnotator();
    const queueId = await queueIn(params);
    return history(annotator.id, queueId, before, atOnce);
  },
);
