import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { vote } from "@/lib/runs/chat";
import { chatVote } from "@/lib/runs/chat-schema";

export const POST = handle<RouteContext<"/api/runs/[id]/chat/vote">>("write", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const { exchange, verdict, activeMs } = await body(request, chatVote);
  const { id } = await params;
  return Response.json(await retryOnBusyAsync(() => vote(annotator.id, id, exchange, verdict, activeMs, Date.now())));
});
