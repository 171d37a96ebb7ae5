import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { undoInput } from "@/lib/judgements/schema";
import { undoLast } from "@/lib/judgements/store";

export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  const { key, queueId } = await body(request, undoInput);
  return Response.json(undoLast(annotator.id, queueId, key, Date.now()));
});
