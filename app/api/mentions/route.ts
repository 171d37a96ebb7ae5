import { mentionsDto, mentionsRead } from "@/lib/annotation/comments/comments-schema";
import { mentionsOf, readMentions } from "@/lib/annotation/comments/mentions";
import { retryOnBusyAsync } from "@/lib/db/busy";
import { handle } from "@/lib/http/handle";
import { currentAnnotator, requireAnnotator } from "@/lib/people/current-annotator";

/** Comments that name whoever asks; none of somebody without a name. */
export const GET = handle("signed in", { answer: mentionsDto }, async () => {
  const annotator = await currentAnnotator();
  return annotator ? mentionsOf(annotator.id) : [];
});

/** Says that whoever asks has read those on a record. */
export const PATCH = handle("signed in", { body: mentionsRead, answer: mentionsRead }, async ({ body: { record } }) => {
  const annotator = await requireAnnotator();
  await retryOnBusyAsync(() => readMentions(annotator.id, record, Date.now()));
  return { record };
});
