// Whoever has forgotten a password asks for a link by mail. What is answered, and when, says nothing of whether there is such an account.
import "server-only";
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { and, count, eq, gt, isNull } from "drizzle-orm";
import { languageIn } from "../../common/languages";
import type { Language } from "../../common/written-language";
import { appDb } from "../db/client";
import { invitations, type User, users } from "../db/tables/accounts";
import { log } from "../logging/log";
import { forgotten } from "./access-schema";
import { invite } from "./invitations";
import { mailLink } from "./link-mail";
import { hasPassword } from "./members";

const hour = 3600_000;
/** To one account within an hour, from wherever it is asked for. */
const mostLinks = 3;
/** Milliseconds until anything is looked up: the answer has left by then, whoever was named. */
const later = 1000;

/** Answered by better-auth, which counts tries (auth.ts). */
export const forgottenPlugin = () =>
  ({
    id: "forgotten-password",
    endpoints: {
      forgottenPassword: createAuthEndpoint(
        "/forgotten-password",
        { method: "POST", body: forgotten },
        async ({ body, headers, json }) => {
          const language = languageIn(headers?.get("accept-language") ?? null);
          setTimeout(() => void sendTo(body.who, language, Date.now()), later);
          return json({ status: true });
        },
      ),
    },
  }) satisfies BetterAuthPlugin;

async function sendTo(who: string, language: Language, now: number): Promise<void> {
  try {
    const user = reachable(who);
    if (user === null || linksSince(user.id, now - hour) >= mostLinks) return;
    const asked = { role: user.role, userId: user.id, createdBy: null, hours: 1 };
    await mailLink(invite(asked, now), language, now);
  } catch (err) {
    log().error({ err }, "a link for a new password could not be sent");
  }
}

/** Of somebody with a password, who may sign in, and whose address is known to be theirs. */
function reachable(who: string): User | null {
  const named = eq(who.includes("@") ? users.email : users.username, who.toLowerCase());
  const confirmed = and(named, eq(users.emailVerified, true), isNull(users.deactivatedAt));
  const user = appDb().select().from(users).where(confirmed).get();
  return user && hasPassword(user.id) ? user : null;
}

/** Those that nobody else made: an owner's have their name. */
function linksSince(userId: string, since: number): number {
  const own = and(eq(invitations.userId, userId), isNull(invitations.createdBy), gt(invitations.createdAt, since));
  return appDb().select({ links: count() }).from(invitations).where(own).get()!.links;
}
