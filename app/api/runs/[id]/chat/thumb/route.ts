import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { thumbInput } from "@/lib/runs/chat-schema";
import { setThumb } from "@/lib/runs/chat-thumbs";

/** Answers with the dataset in which it is. */
export const POST = handle<RouteContext<"/api/runs/[id]/chat/thumb">>("write", async (request, { params }) => {
  const annotator = await requireAnnotator();
  const input = await body(request, thumbInput);
  const { id } = await params;
  return Response.json(await retryOnBusyAsync(() => setThumb(annotator.id, id, input, Date.now())));
});
