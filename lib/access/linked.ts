// The team's provider as one more way in to an account that has a password: connected by whoever is signed in to it, and by nothing else.
import "server-only";
import { eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { sessions } from "../db/tables/accounts";
import type { CurrentUser } from "./asked";
import { answeredByAuth } from "./auth";
import { hasPassword } from "./members";
import { linkOf, providerId } from "./single-sign-on";

/** Where a browser is sent that comes back from the provider, and what the page then says. */
export const connectedAt = "/account?connected=yes";
export const notConnectedAt = "/account?connected=no";

const freshMs = 24 * 3600 * 1000;

/** Whether the provider lets them in. */
export const isLinked = (userId: string): boolean => linkOf(userId) !== undefined;

export function link(request: Request, user: CurrentUser | null, now: number): Promise<Response> {
  const { id, sessionId } = requirePerson(user);
  const session = appDb().select().from(sessions).where(eq(sessions.id, sessionId)).get();
  if (!session || now - session.createdAt.getTime() > freshMs)
    throw new AppError(403, "Sign in again first: a session that connects an account must be younger than a day.");
  if (!hasPassword(id)) throw new AppError(409, "This account has no password: it is the provider's already.");
  if (isLinked(id)) throw new AppError(409, "This account is connected already; disconnect it first.");
  const [callbackURL, errorCallbackURL] = [connectedAt, notConnectedAt];
  return answeredByAuth(request, { provider: providerId, callbackURL, errorCallbackURL, disableRedirect: true });
}

export function unlink(request: Request, user: CurrentUser | null): Promise<Response> {
  const linked = linkOf(requirePerson(user).id);
  if (!linked) throw new AppError(409, "This account is not connected.");
  return answeredByAuth(request, { accountId: linked.id });
}

/** Whoever sits at a browser, with an account. */
function requirePerson(user: CurrentUser | null): { id: string; sessionId: string } {
  if (!user?.id || !user.sessionId) throw new AppError(403, "Sign in with a browser first.");
  return { id: user.id, sessionId: user.sessionId };
}
