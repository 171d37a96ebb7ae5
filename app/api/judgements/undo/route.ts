import { requireOpen } from "@/lib/access/dataset-roles";
import { undoLast } from "@/lib/annotation/judging/judge";
import { undoInput } from "@/lib/annotation/judging/judging-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";

export const POST = handle("annotate", async (request) => {
  const annotator = await requireAnnotator();
  const { key, queueId } = await body(request, undoInput);
  requireOpen({ kind: "annotate", id: queueId }, "annotate");
  return Response.json(await retryOnBusyAsync(() => undoLast(annotator.id, queueId, key, Date.now())));
});
