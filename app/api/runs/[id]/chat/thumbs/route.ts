import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { thumbs, thumbsInput } from "@/lib/runs/chat-schema";
import { thumbsOn } from "@/lib/runs/chat-thumbs";

/** What the annotator said of answers; asked with POST, as an address cannot hold conversations. */
export const POST = handle(
  "write",
  { body: thumbsInput, answer: thumbs },
  async ({ body: { answers } }, { params }: RouteContext<"/api/runs/[id]/chat/thumbs">) => {
    const annotator = await requireAnnotator();
    return thumbsOn(annotator.id, (await params).id, answers);
  },
);
