import { tokenInput } from "@/lib/access/access-schema";
import { requireUser } from "@/lib/access/current-user";
import { makeToken, tokensOf } from "@/lib/access/tokens";
import { body, handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** One's own tokens for scripts. */
export const GET = handle("signed in", async () => Response.json(tokensOf((await requireUser()).id)));

/** Makes one, and tells it here alone. A script makes none: it could give itself more than it has. */
export const POST = handle("signed in", async (request) => {
  const { id, scopes } = await requireUser();
  if (scopes) throw new AppError(403, "A token cannot make tokens; sign in with a browser.");
  const token = makeToken(id, await body(request, tokenInput), Date.now());
  return Response.json({ token, tokens: tokensOf(id) }, { status: 201 });
});
