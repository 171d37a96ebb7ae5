import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { thumbsInput } from "@/lib/runs/chat-schema";
import { thumbsOn } from "@/lib/runs/chat-thumbs";

/** What the annotator said of answers; asked with POST, as an address cannot hold conversations. */
export const POST = handle<RouteContext<"/api/runs/[id]/chat/thumbs">>("write", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const { answers } = await body(request, thumbsInput);
  return Response.json(thumbsOn(annotator.id, (await params).id, answers));
});
