import { z } from "zod";
import { teamAuth } from "@/lib/access/auth";
import { operations } from "@/lib/api/operations";
import { handle } from "@/lib/http/handle";
import { currentAnnotator, enter, requireAnnotator, signOut } from "@/lib/people/current-annotator";
import { annotatorDto, enterInput } from "@/lib/people/people-schema";
import { rename } from "@/lib/people/rename";

/** Who one is as an annotator; null of who has not said. */
export const GET = handle("signed in", operations.me, async () => {
  const annotator = await currentAnnotator();
  return annotator && annotatorDto.parse(annotator);
});

/** Says who one is, by a name; answers with the cookie. */
export const POST = handle("signed in", { body: enterInput, answer: annotatorDto }, async ({ body: { name } }) =>
  annotatorDto.parse(await enter(name, Date.now())),
);

/** Renames oneself, with all annotations. */
export const PATCH = handle("signed in", { body: enterInput, answer: annotatorDto }, async ({ body: { name } }) => {
  const { id } = await requireAnnotator();
  return annotatorDto.parse(await rename(id, name));
});

/** Signs out. In a team the session ends; on one's own machine nobody has a name in this browser any more. */
export const DELETE = handle("signed in", { answer: z.null() }, async ({ request: { headers } }) => {
  const auth = teamAuth();
  if (auth) {
    const answer = await auth.api.signOut({ headers, asResponse: true });
    return Response.json(null, { headers: answer.headers.getSetCookie().map((cookie) => ["set-cookie", cookie]) });
  }
  await signOut();
  return null;
});
