import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { vote } from "@/lib/runs/chat";
import { chatVote } from "@/lib/runs/schema";

export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  const { exchange, verdict, activeMs } = await body(request, chatVote);
  return Response.json(vote(annotator.id, exchange, verdict, activeMs, Date.now()));
});
