// Tokens by which scripts act for somebody: `Authorization: Bearer wb_…`.
import "server-only";
import { and, desc, eq, gt } from "drizzle-orm";
import { AppError } from "../../spec/errors";
import type { Permission } from "../../spec/roles";
import { appDb } from "../db/client";
import { type Token, tokens } from "../db/tables/accounts";
import type { OwnToken } from "./access-schema";
import { hashOf, newSecret } from "./secret-words";

const day = 24 * 3600 * 1000;
const minute = 60_000;
/** More are nobody's: whoever makes tokens without end fills no database. */
const mostTokens = 100;

interface Asked {
  name: string;
  scopes: Permission[];
  days: number;
}

/** What the script sends. It is told once: the database has its hash alone. */
export function makeToken(userId: string, { name, scopes, days }: Asked, now: number): string {
  if (tokensOf(userId).length >= mostTokens) throw new AppError(429, `You have ${mostTokens} tokens; end some first.`);
  const token = `wb_${newSecret()}`;
  appDb()
    .insert(tokens)
    .values({ hash: hashOf(token), userId, name, scopes, createdAt: now, expiresAt: now + days * day })
    .run();
  return token;
}

/** Null where it never was, has ended or has expired. */
export function knownToken(given: string, now: number): Token | null {
  const here = and(eq(tokens.hash, hashOf(given)), gt(tokens.expiresAt, now));
  const found = appDb().select().from(tokens).where(here).get();
  if (!found) return null;
  if (now - (found.usedAt ?? 0) > minute)
    appDb().update(tokens).set({ usedAt: now }).where(eq(tokens.id, found.id)).run();
  return found;
}

export const tokensOf = (userId: string): OwnToken[] =>
  appDb()
    .select()
    .from(tokens)
    .where(eq(tokens.userId, userId))
    .orderBy(desc(tokens.createdAt))
    .all()
    .map(({ id, name, scopes, expiresAt, usedAt }) => ({ id, name, scopes, expiresAt, usedAt }));

export function endToken(userId: string, id: number): void {
  const { changes } = appDb()
    .delete(tokens)
    .where(and(eq(tokens.userId, userId), eq(tokens.id, id)))
    .run();
  if (changes === 0) throw new AppError(404, "You have no such token.");
}
