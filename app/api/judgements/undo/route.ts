import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http";
import { undoInput } from "@/lib/judgements/schema";
import { undoLast } from "@/lib/judgements/store";

export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  const { key, queueId } = await body(request, undoInput);
  return Response.json(await patientlyAsync(() => undoLast(annotator.id, queueId, key, Date.now())));
});
