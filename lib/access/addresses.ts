// E-mail addresses of accounts. An account that gave none has a made-up one, as better-auth wants one.
import "server-only";
import { and, eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";

const madeUp = "@workbench.invalid"; // RFC 2606: nobody's

/** Of whoever gives none. */
export const madeUpAddress = (username: string): string => username.toLowerCase() + madeUp;
export const isMadeUp = (email: string): boolean => email.endsWith(madeUp);

/** An address that somebody only typed gives way to whoever was invited by it, or is known by the provider to have it. */
export function releaseUnconfirmed(email: string, now: number): void {
  const held = and(eq(users.email, email), eq(users.emailVerified, false));
  const holder = appDb().select().from(users).where(held).get();
  if (!holder) return;
  const change = { email: madeUpAddress(holder.username ?? holder.id), updatedAt: new Date(now) };
  appDb().update(users).set(change).where(eq(users.id, holder.id)).run();
}
