// Signing in by a team's OpenID Connect provider. The provider says who somebody is; whether they get in, and as what, says an invitation to
// their e-mail address.
import "server-only";
import { APIError, getOAuthState } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins";
import { and, eq, notExists, sql } from "drizzle-orm";
import { z } from "zod";
import { singleSignOn } from "../../common/env";
import { appDb } from "../db/client";
import { credentials, users } from "../db/tables/accounts";
import { annotators } from "../db/tables/annotators";
import { releaseUnconfirmed } from "./addresses";
import { newAnnotator } from "./annotator-of";
import { invitationOf, markUsed } from "./invitations";

export const providerId = "sso";

export function singleSignOnPlugin() {
  const settings = singleSignOn();
  const provider = settings && {
    ...{ providerId, clientId: settings.clientId, clientSecret: settings.clientSecret },
    discoveryUrl: `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    scopes: ["openid", "email", "profile"],
    pkce: true,
    authentication: "basic" as const,
    requireIdTokenVerification: true,
    mapProfileToUser: async (profile: unknown) => ((await getOAuthState())?.link ? {} : accountOf(profile, Date.now())),
  };
  return genericOAuth({ config: provider ? [provider] : [] });
}

const isLinkOf = (userId: string) => and(eq(credentials.userId, userId), eq(credentials.providerId, providerId));

/** By what the provider lets them in. */
export const linkOf = (userId: string) => appDb().select().from(credentials).where(isLinkOf(userId)).get();

/** Whoever chooses a new password by an owner's link comes in by it alone: somebody else may have connected the account. */
export const endLink = (userId: string): void => void appDb().delete(credentials).where(isLinkOf(userId)).run();

/** Whom it lets in. */
export const linkedUsers = (): Set<string> =>
  new Set(
    appDb()
      .select({ userId: credentials.userId })
      .from(credentials)
      .where(eq(credentials.providerId, providerId))
      .all()
      .map(({ userId }) => userId),
  );

const isConnected = (sub: string): boolean => {
  const account = and(eq(credentials.providerId, providerId), eq(credentials.accountId, sub));
  return appDb().select().from(credentials).where(account).get() !== undefined;
};

/** One person of the provider for each account, so that disconnecting ends all there is, and one account for each person. */
export const isSecondLink = (account: { userId: string; providerId: string; accountId: string }): boolean =>
  account.providerId === providerId && (linkOf(account.userId) !== undefined || isConnected(account.accountId));

/** False, or a throw where the account was just made for that person, whom another has got meanwhile: nobody could come in to it, so it goes. */
export function refuseLink(userId: string): false {
  const ways = appDb().select().from(credentials).where(eq(credentials.userId, userId));
  const { changes } = appDb()
    .delete(users)
    .where(and(eq(users.id, userId), notExists(ways)))
    .run();
  if (changes > 0) throw new APIError("CONFLICT", { message: "This person has an account by now." });
  return false;
}

const profileSchema = z.object({
  sub: z.string(),
  email: z.email(),
  emailVerified: z.boolean(),
  preferred_username: z.string().optional().catch(undefined),
});

/** What an account is made of: nothing where there is one already. Throws where nobody has invited them. */
async function accountOf(given: unknown, now: number) {
  const { sub, email, emailVerified, preferred_username: wanted } = profileSchema.parse(given);
  if (isConnected(sub)) return {};
  const holder = appDb().select().from(users).where(eq(users.email, email.toLowerCase())).get();
  const invitation = emailVerified && !holder?.emailVerified ? invitationOf(email, now) : null;
  if (invitation === null) throw new APIError("FORBIDDEN", { message: "Nobody has invited this e-mail address." });
  const username = freeName(wanted ?? email.split("@")[0]!);
  const annotatorId = invitation.annotatorId ?? (await newAnnotator(username, now));
  if (!markUsed(invitation.id, now)) throw new APIError("CONFLICT", { message: "This invitation is being used." });
  releaseUnconfirmed(email.toLowerCase(), now);
  return { name: username, username, image: undefined, role: invitation.role, annotatorId };
}

/** As the provider calls them, in the letters of a user name; with a number where somebody has it. */
function freeName(wanted: string): string {
  const name = wanted
    .replace(/[^a-zA-Z0-9_.]+/g, ".")
    .slice(0, 24)
    .padEnd(3, "_");
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}${n}`;
    if (!isTaken(candidate)) return candidate;
  }
}

const isTaken = (name: string): boolean =>
  appDb().select().from(users).where(eq(users.username, name.toLowerCase())).get() !== undefined ||
  appDb().select().from(annotators).where(sql`lower(${annotators.name}) = lower(${name})`).get() !== undefined;
