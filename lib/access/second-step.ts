// The second step of signing in: codes of an authenticator app, which let in once each.
import "server-only";
import { and, eq, gt, like, lt } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import { appDb } from "../db/client";
import { type User, users, verifications } from "../db/tables/accounts";
import { passkeys } from "../db/tables/passkeys";
import { secondSteps, usedCodes } from "../db/tables/second-steps";
import { answeredByAuth, cookieOf } from "./auth";
import { currentUser } from "./current-user";

/** Longer than a code holds: better-auth takes those of the half minutes before and after, too. */
const remembered = 120_000;

/** Who has given their password and is asked for a code; null of everybody else. */
export async function challenged(headers: Headers, now: number): Promise<User | null> {
  const identifier = await cookieOf(headers, "two_factor");
  if (identifier === null) return null;
  const open = and(eq(verifications.identifier, identifier), gt(verifications.expiresAt, new Date(now)));
  const asked = and(open, like(verifications.identifier, "2fa-%"));
  const found = appDb().select().from(verifications).innerJoin(users, eq(users.id, verifications.value)).where(asked);
  return found.get()?.users ?? null;
}

/** Checks a code, of whoever signs in or turns the second step on. */
export async function checkCode(request: Request, code: string, now: number): Promise<Response> {
  const userId = (await currentUser())?.id ?? (await challenged(request.headers, now))?.id;
  if (userId && !spend(userId, code, now))
    throw new AppError(401, "This code was given before; wait for the next one.");
  return answeredByAuth(request, { code });
}

/** Whether it was not given before: of two who give a code at once, one gets false. */
function spend(userId: string, code: string, now: number): boolean {
  appDb()
    .delete(usedCodes)
    .where(lt(usedCodes.at, now - remembered))
    .run();
  return appDb().insert(usedCodes).values({ userId, code, at: now }).onConflictDoNothing().run().changes === 1;
}

export const hasSecondStep = (userId: string): boolean =>
  appDb().select().from(users).where(eq(users.id, userId)).get()?.twoFactorEnabled ?? false;

/** Passkeys too: whoever has lost the phone may have lost them with it. */
export function endSecondStep(userId: string): void {
  appDb().delete(passkeys).where(eq(passkeys.userId, userId)).run();
  appDb().update(users).set({ twoFactorEnabled: false }).where(eq(users.id, userId)).run();
  appDb().delete(secondSteps).where(eq(secondSteps.userId, userId)).run();
}
