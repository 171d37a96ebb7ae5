// Who asks, and what they may do.
import "server-only";
import { eq } from "drizzle-orm";
import { headers } from "next/headers";
import { cache } from "react";
import { teamUrl } from "../../common/env";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import { askedNow, asServer, type CurrentUser } from "./asked";
import { requireTeamAuth } from "./auth";
import { noAccounts } from "./no-accounts";
import { knownToken } from "./tokens";

const ownMachine: CurrentUser = {
  id: null,
  name: null,
  role: "owner",
  scopes: null,
  sessionId: null,
  annotatorId: null,
  language: null,
};

/** Null of whoever has not signed in, or may not any more. */
export const userOf = async (given: Headers): Promise<CurrentUser | null> =>
  teamUrl() === null ? ownMachine : asServer(() => knownUser(given));

async function knownUser(given: Headers): Promise<CurrentUser | null> {
  const bearer = /^Bearer (\S+)$/.exec(given.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return ofToken(bearer, Date.now());
  const session = await requireTeamAuth().api.getSession({ headers: given });
  return session && ofUser(session.user.id, { scopes: null, sessionId: session.session.id });
}

function ofToken(bearer: string, now: number): CurrentUser | null {
  const token = knownToken(bearer, now);
  return token && ofUser(token.userId, { scopes: token.scopes, sessionId: null });
}

function ofUser(id: string, by: Pick<CurrentUser, "scopes" | "sessionId">): CurrentUser | null {
  const user = appDb().select().from(users).where(eq(users.id, id)).get();
  if (!user || user.deactivatedAt !== null) return null;
  const { name, role, annotatorId, language } = user;
  return { id, name, role, annotatorId, language, ...by };
}

/** Once a page. */
const ofPage = cache(async () => userOf(await headers()));

export const currentUser = async (): Promise<CurrentUser | null> => {
  const asked = askedNow();
  return asked === null ? ofPage() : asked.user;
};

/** Somebody with an account: there is none on one's own machine. */
export async function requireUser(): Promise<CurrentUser & { id: string }> {
  const user = await currentUser();
  if (user?.id) return { ...user, id: user.id };
  throw noAccounts();
}
