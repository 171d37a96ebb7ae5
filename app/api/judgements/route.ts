import { requireAnnotator } from "@/lib/annotators/queries";
import { patientlyAsync } from "@/lib/db/busy";
import { AppError } from "@/lib/errors";
import { body, handle } from "@/lib/http";
import { judgementInput } from "@/lib/judgements/schema";
import { judge } from "@/lib/judgements/store";

export const POST = handle(async (request) => {
  const annotator = await requireAnnotator();
  const vote = await body(request, judgementInput);
  if (vote.annotatorId !== undefined && vote.annotatorId !== annotator.id)
    throw new AppError(401, `This vote is not ${annotator.name}'s. Whoever gave it must say who they are first.`);
  const { extra } = await patientlyAsync(() => judge(annotator.id, vote, Date.now()));
  return Response.json({ saved: true, ...(extra && { extra }) });
});
