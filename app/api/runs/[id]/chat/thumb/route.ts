import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { thumbInput, thumbSaved } from "@/lib/runs/chat-schema";
import { setThumb } from "@/lib/runs/chat-thumbs";

/** Answers with the dataset in which it is. */
export const POST = handle(
  "write",
  { body: thumbInput, answer: thumbSaved },
  async ({ body: input }, { params }: RouteContext<"/api/runs/[id]/chat/thumb">) => {
    const annotator = await requireAnnotator();
    const { id } = await params;
    return retryOnBusyAsync(() => setThumb(annotator.id, id, input, Date.now()));
  },
);
