// Links by which people join, and by which they choose a new password: whoever has the link may use it once, until it expires.
import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { teamUrl } from "../../common/env";
import { AppError } from "../../spec/errors";
import type { Role } from "../../spec/roles";
import { appDb } from "../db/client";
import { type Invitation, invitations } from "../db/tables/accounts";
import { translatedError } from "../messages/translated-error";
import { noAccounts } from "./no-accounts";
import { hashOf, newSecret } from "./secret-words";

const hour = 3600 * 1000;

export interface Asked {
  role: Role;
  note?: string | null;
  email?: string | null;
  annotatorId?: number | null;
  /** Of somebody who is to choose a new password. */
  userId?: string | null;
  /** Whether choosing it ends their second step. */
  endsSecondStep?: boolean;
  createdBy: string | null;
  /** For how long it holds. */
  days?: number;
  hours?: number;
}

/** What the link says. It is told once: the database has its hash alone. */
export function invite(
  {
    role,
    note = null,
    email = null,
    annotatorId = null,
    userId = null,
    endsSecondStep = false,
    createdBy,
    days = 0,
    hours = 24 * days,
  }: Asked,
  now: number,
): string {
  const token = newSecret();
  appDb()
    .insert(invitations)
    .values({
      hash: hashOf(token),
      role,
      note,
      email: email?.toLowerCase() ?? null,
      annotatorId,
      userId,
      endsSecondStep,
      createdBy,
      createdAt: now,
      expiresAt: now + hours * hour,
    })
    .run();
  return token;
}

export function joinLink(token: string): string {
  const url = teamUrl();
  if (!url) throw noAccounts();
  return new URL(`/join/${token}`, url).href;
}

const open = (now: number) => and(isNull(invitations.usedAt), gt(invitations.expiresAt, now));

/** Those that nobody has used yet. */
export const openInvitations = (now: number): Invitation[] =>
  appDb().select().from(invitations).where(open(now)).orderBy(desc(invitations.createdAt)).all();

/** The newest one to an address; null where nobody has invited it. */
export const invitationOf = (email: string, now: number): Invitation | null =>
  appDb()
    .select()
    .from(invitations)
    .where(and(eq(invitations.email, email.toLowerCase()), isNull(invitations.userId), open(now)))
    .orderBy(desc(invitations.createdAt))
    .get() ?? null;

/** The invitation of a link. Throws the same sentence whether it never was, was used or has expired. */
export function requireInvitation(token: string, now: number): Invitation {
  const found = appDb()
    .select()
    .from(invitations)
    .where(and(eq(invitations.hash, hashOf(token)), open(now)))
    .get();
  if (!found) throw translatedError(404, "error.linkUsed");
  return found;
}

/** Whether it was still open: of two who use a link at once, one gets false. */
export const markUsed = (id: number, now: number): boolean =>
  appDb()
    .update(invitations)
    .set({ usedAt: now })
    .where(and(eq(invitations.id, id), open(now)))
    .run().changes === 1;

/** Somebody has chosen a password: other links by which they could have are of no use any more, in whichever mailbox they lie. */
export const endPasswordLinks = (userId: string, now: number): void =>
  void appDb()
    .update(invitations)
    .set({ expiresAt: now })
    .where(and(eq(invitations.userId, userId), open(now)))
    .run();

export function takeBack(id: number, now: number): void {
  const { changes } = appDb()
    .update(invitations)
    .set({ expiresAt: now })
    .where(and(eq(invitations.id, id), open(now)))
    .run();
  if (changes === 0) throw new AppError(404, "There is no such open invitation.");
}
