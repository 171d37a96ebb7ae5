import { z } from "zod";
import { history } from "@/lib/annotation/judging/own-history";
import { queueIn } from "@/lib/annotation/queues/require-queue";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

const query = z.object({ before: z.coerce.number().int().default(Number.MAX_SAFE_INTEGER) });
const atOnce = 20;

/** One's own votes before a number, newest first. */
export const GET = handle<RouteContext<"/api/queues/[id]/history">>("annotate", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const queueId = await queueIn(params);
  const { before } = query.parse(Object.fromEntries(new URL(request.url).searchParams));
  return Response.json(history(annotator.id, queueId, before, atOnce));
});
