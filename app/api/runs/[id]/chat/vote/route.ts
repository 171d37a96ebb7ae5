import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { vote } from "@/lib/runs/chat";
import { chatReveal, chatVote } from "@/lib/runs/chat-schema";

/** Says which of two responses was better, and learns whose they were. */
export const POST = handle(
  "write",
  { body: chatVote, answer: chatReveal },
  async ({ body: { exchange, verdict, activeMs } }, { params }: RouteContext<"/api/runs/[id]/chat/vote">) => {
    const annotator = await requireAnnotator();
    const { id } = await params;
    return retryOnBusyAsync(() => vote(annotator.id, id, exchange, verdict, activeMs, Date.now()));
  },
);
