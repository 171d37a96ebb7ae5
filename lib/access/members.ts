// Who belongs to the team, with what role; their sessions.
import "server-only";
import { and, count, desc, eq, isNotNull, isNull, max, ne } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import type { Role } from "../../spec/roles";
import { appDb } from "../db/client";
import { credentials, sessions, type User, users } from "../db/tables/accounts";
import { annotators } from "../db/tables/annotators";
import { passkeys } from "../db/tables/passkeys";
import type { MembersNow, OwnSession } from "./access-schema";
import { isMadeUp, madeUpAddress } from "./addresses";
import { openInvitations } from "./invitations";
import { linkedUsers } from "./single-sign-on";

export function membersNow(now: number): MembersNow {
  const seen = new Map(
    appDb()
      .select({ userId: sessions.userId, at: max(sessions.updatedAt) })
      .from(sessions)
      .groupBy(sessions.userId)
      .all()
      .map(({ userId, at }) => [userId, at?.getTime() ?? null]),
  );
  const all = appDb().select().from(users).orderBy(users.createdAt).all();
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const withPasskeys = new Set(
    appDb()
      .select({ userId: passkeys.userId })
      .from(passkeys)
      .all()
      .map(({ userId }) => userId),
  );
  const linked = linkedUsers();
  return {
    members: all.map(({ id, name, role, email, emailVerified, deactivatedAt, twoFactorEnabled }) => ({
      ...{ id, name, role, deactivatedAt, secondStep: twoFactorEnabled || withPasskeys.has(id) },
      ...{ email: isMadeUp(email) ? null : email, emailConfirmed: emailVerified, connected: linked.has(id) },
      seenAt: seen.get(id) ?? null,
    })),
    invitations: openInvitations(now).map(({ id, role, note, email, userId, expiresAt }) => ({
      ...{ id, role, note, email, expiresAt },
      for: userId === null ? null : (names.get(userId) ?? null),
    })),
  };
}

export function requireMember(id: string): User {
  const member = appDb().select().from(users).where(eq(users.id, id)).get();
  if (!member) throw new AppError(404, "There is no such member.");
  return member;
}

/** Within a transaction: somebody is an owner beside them, if they are one. */
export function requireAnotherOwner(id: string): void {
  const member = requireMember(id);
  const others = and(eq(users.role, "owner"), isNull(users.deactivatedAt), ne(users.id, id));
  const { owners } = appDb().select({ owners: count() }).from(users).where(others).get()!;
  if (member.role === "owner" && owners === 0)
    throw new AppError(409, `${member.name} is the only owner; make somebody else an owner first.`);
}

/** What they may do holds from their next request on; whoever is deactivated is signed out everywhere. */
export function changeMember(
  id: string,
  { role, deactivated }: { role?: Role | undefined; deactivated?: boolean | undefined },
  now: number,
): void {
  const member = requireMember(id);
  const staysOwner = (role ?? member.role) === "owner" && !(deactivated ?? member.deactivatedAt !== null);
  appDb().transaction(
    (tx) => {
      if (!staysOwner) requireAnotherOwner(id);
      tx.update(users)
        .set({
          ...(role && { role }),
          ...(deactivated !== undefined && { deactivatedAt: deactivated ? now : null }),
          updatedAt: new Date(now),
        })
        .where(eq(users.id, id))
        .run();
      if (deactivated) tx.delete(sessions).where(eq(sessions.userId, id)).run();
    },
    { behavior: "immediate" },
  );
}

/** An owner's word that it is theirs; null takes it away. */
export function setAddress(id: string, given: string | null, now: number): void {
  const { name, username } = requireMember(id);
  const email = given?.toLowerCase() ?? madeUpAddress(username ?? id);
  const other = appDb()
    .select()
    .from(users)
    .where(and(eq(users.email, email), ne(users.id, id)))
    .get();
  if (other) throw new AppError(409, `${email} is the address of ${other.name}; ${name} needs another.`);
  const change = { email, emailVerified: given !== null, updatedAt: new Date(now) };
  appDb().update(users).set(change).where(eq(users.id, id)).run();
}

/** Where somebody is signed in, newest first. `current`: the id of the session that asks. */
export const sessionsOf = (userId: string, current: string | null): OwnSession[] =>
  appDb()
    .select()
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.updatedAt))
    .all()
    .map(({ id, userAgent, ipAddress, createdAt, expiresAt }) => ({
      ...{ id, current: id === current, device: userAgent, address: ipAddress || null },
      ...{ createdAt: createdAt.getTime(), expiresAt: expiresAt.getTime() },
    }));

/** Ends one's own session of that id, or every one but the one that asks. */
export function endSessions(userId: string, which: { id: string } | { but: string | null }): void {
  const own = eq(sessions.userId, userId);
  const chosen =
    "id" in which ? eq(sessions.id, which.id) : which.but === null ? undefined : ne(sessions.id, which.but);
  const { changes } = appDb().delete(sessions).where(and(own, chosen)).run();
  if ("id" in which && changes === 0) throw new AppError(404, "There is no such session.");
}

/** Not those who sign in by the team's provider. */
export const hasPassword = (userId: string): boolean =>
  appDb()
    .select()
    .from(credentials)
    .where(and(eq(credentials.userId, userId), isNotNull(credentials.password)))
    .get() !== undefined;

/** Somebody who can choose another. */
export function requirePassword(id: string): User {
  const found = requireMember(id);
  if (!hasPassword(id)) throw new AppError(409, `${found.name} signs in by single sign-on and has no password.`);
  return found;
}

export const memberName = (id: string): string => requireMember(id).name;

/** Names from before there were accounts. */
export const unclaimedAnnotators = (): { id: number; name: string }[] =>
  appDb()
    .select({ id: annotators.id, name: annotators.name })
    .from(annotators)
    .leftJoin(users, eq(users.annotatorId, annotators.id))
    .where(and(eq(annotators.kind, "person"), isNull(annotators.erasedAt), isNull(users.id)))
    .orderBy(annotators.name)
    .all();
