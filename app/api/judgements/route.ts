import { judge } from "@/lib/annotation/judging/judge";
import { judged, judgementInput } from "@/lib/annotation/judging/judging-schema";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { requireAnnotator } from "@/lib/people/current-annotator";
import { AppError } from "@/spec/errors";

/** Stores a vote. The same key with the same content stores nothing new. */
export const POST = handle("annotate", { body: judgementInput, answer: judged }, async ({ body: vote }) => {
  const annotator = await requireAnnotator();
  if (vote.annotatorId !== undefined && vote.annotatorId !== annotator.id)
    throw new AppError(401, `This vote is not ${annotator.name}'s. Whoever gave it must say who they are first.`);
  const { extra, newerGuidelines } = await retryOnBusyAsync(() => judge(annotator.id, vote, Date.now()));
  return { saved: true as const, ...(extra && { extra }), ...(newerGuidelines && { newerGuidelines }) };
});
