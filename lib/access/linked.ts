// The team's provider as one more way in to an account that has a password: connected by whoever is signed in to it, and by nothing else;
// disconnected by them or by an owner.
import "server-only";
import { eq } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { sessions } from "../db/tables/accounts";
import type { CurrentUser } from "./asked";
import { answeredByAuth } from "./auth";
import { endSessions, hasPassword, requireMember } from "./members";
import { endLink, linkOf, providerId } from "./single-sign-on";

/** Where a browser is sent that comes back from the provider, and what the page then says. */
export const connectedAt = "/account?connected=yes";
export const notConnectedAt = "/account?connected=no";

const freshMs = 24 * 3600 * 1000;

/** Whether the provider lets them in. */
export const isLinked = (userId: string): boolean => linkOf(userId) !== undefined;

export function link(request: Request, user: CurrentUser | null, now: number): Promise<Response> {
  const { id } = requireFresh(user, now);
  if (isLinked(id)) throw new AppError(409, "This account is connected already; disconnect it first.");
  const [callbackURL, errorCallbackURL] = [connectedAt, notConnectedAt];
  return answeredByAuth(request, { provider: providerId, callbackURL, errorCallbackURL, disableRedirect: true });
}

/** By whoever has the account. */
export function unlink(user: CurrentUser | null, now: number): void {
  const { id, sessionId } = requireFresh(user, now);
  if (!isLinked(id)) throw new AppError(409, "This account is not connected.");
  end(id, sessionId);
}

/** By an owner, whom `sessionId` is of. */
export function disconnect(id: string, sessionId: string | null): void {
  const { name } = requireMember(id);
  if (!isLinked(id)) throw new AppError(409, `${name} is not connected to the provider of single sign-on.`);
  if (!hasPassword(id))
    throw new AppError(
      409,
      `${name} has no password, so that nothing but single sign-on lets them in. Deactivate ${name}, if they are to stay out.`,
    );
  end(id, sessionId);
}

/** With every session but that one: nothing says which way one began. */
const end = (id: string, sessionId: string | null): void =>
  appDb().transaction(
    () => {
      endLink(id);
      endSessions(id, { but: sessionId });
    },
    { behavior: "immediate" },
  );

/** Whoever sits at a browser, with an account that has a password, and has signed in within a day. */
function requireFresh(user: CurrentUser | null, now: number): { id: string; sessionId: string } {
  if (!user?.id || !user.sessionId) throw new AppError(403, "Sign in with a browser first.");
  const { id, sessionId } = user;
  const session = appDb().select().from(sessions).where(eq(sessions.id, sessionId)).get();
  if (!session || now - session.createdAt.getTime() > freshMs)
    throw new AppError(
      403,
      "Sign in again first: a session that connects or disconnects an account must be younger than a day.",
    );
  if (!hasPassword(id)) throw new AppError(409, "This account has no password: it is the provider's.");
  return { id, sessionId };
}
