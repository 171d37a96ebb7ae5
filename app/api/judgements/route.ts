import { requireAnnotator } from "@/lib/annotators/queries";
import { body, handle } from "@/lib/http";
import { judgementInput } from "@/lib/judgements/schema";
import { judge } from "@/lib/judgements/store";

export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  judge(annotator.id, await body(request, judgementInput), Date.now());
  return Response.json({ saved: true });
});
