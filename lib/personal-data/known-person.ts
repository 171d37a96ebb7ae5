// Somebody, and what they are called anywhere: as an annotator, and by their account where the workbench serves a team.
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { users } from "../db/tables/accounts";
import type { Annotator } from "../db/tables/annotators";

export interface KnownPerson {
  annotatorId: number;
  /** Null of a name without an account. */
  userId: string | null;
  /** Names and e-mail addresses. */
  names: string[];
  /** What of these nobody else signs in by. */
  username: string | null;
  email: string | null;
}

export function knownPerson({ id: annotatorId, name }: Annotator): KnownPerson {
  const user = appDb().select().from(users).where(eq(users.annotatorId, annotatorId)).get();
  const called = [name, user?.name, user?.username, user?.displayUsername, user?.email];
  const names = [...new Set(called.filter((one): one is string => typeof one === "string" && one !== ""))];
  return { annotatorId, userId: user?.id ?? null, names, username: user?.username ?? null, email: user?.email ?? null };
}

/** What everybody else is called. */
export const othersThan = ({ annotatorId }: Pick<KnownPerson, "annotatorId">): string[] =>
  appDb().$client.prepare("SELECT name FROM annotators WHERE id <> ?").pluck().all(annotatorId) as string[];
