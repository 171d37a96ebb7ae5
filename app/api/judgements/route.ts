import { judge } from "@/lib/annotation/judging/judge";
import { judgementInput } from "@/lib/annotation/judging/judging-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { body, handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

export const POST = handle("annotate", async (request) => {
  const annotator = await requireAnnotator();
  const vote = await body(request, judgementInput);
  if (vote.annotatorId !== undefined && vote.annotatorId !== annotator.id)
    throw new AppError(401, `This vote is not ${annotator.name}'s. Whoever gave it must say who they are first.`);
  const { extra, newerGuidelines } = await retryOnBusyAsync(() => judge(annotator.id, vote, Date.now()));
  return Response.json({ saved: true, ...(extra && { extra }), ...(newerGuidelines && { newerGuidelines }) });
});
