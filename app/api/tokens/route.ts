import { z } from "zod";
import { madeToken, ownToken, tokenInput } from "@/lib/access/access-schema";
import { requireUser } from "@/lib/access/current-user";
import { makeToken, tokensOf } from "@/lib/access/tokens";
import { handle } from "@/lib/http/handle";
import { AppError } from "@/spec/errors";

/** One's own tokens for scripts. */
export const GET = handle("signed in", { answer: z.array(ownToken) }, async () => tokensOf((await requireUser()).id));

/** Makes one, and tells it here alone. A script makes none: it could give itself more than it has. */
export const POST = handle("signed in", { body: tokenInput, answer: madeToken, status: 201 }, async ({ body }) => {
  const { id, scopes } = await requireUser();
  if (scopes) throw new AppError(403, "A token cannot make tokens; sign in with a browser.");
  const token = makeToken(id, body, Date.now());
  return { token, tokens: tokensOf(id) };
});
