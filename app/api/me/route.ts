import { teamAuth } from "@/lib/access/auth";
import { body, handle } from "@/lib/http/handle";
import { currentAnnotator, enter, requireAnnotator, signOut } from "@/lib/people/current-annotator";
import { enterInput } from "@/lib/people/people-schema";
import { rename } from "@/lib/people/rename";

export const GET = handle("signed in", async () => Response.json(await currentAnnotator()));

export const POST = handle("signed in", async (request) => {
  const { name } = await body(request, enterInput);
  return Response.json(await enter(name, Date.now()));
});

export const PATCH = handle("signed in", async (request) => {
  const { id } = await requireAnnotator();
  const { name } = await body(request, enterInput);
  return Response.json(await rename(id, name));
});

/** Signs out. In a team the session ends; on one's own machine nobody has a name in this browser any more. */
export const DELETE = handle("signed in", async ({ headers }) => {
  const auth = teamAuth();
  if (auth) {
    const answer = await auth.api.signOut({ headers, asResponse: true });
    return Response.json(null, { headers: answer.headers.getSetCookie().map((cookie) => ["set-cookie", cookie]) });
  }
  await signOut();
  return Response.json(null);
});
