// Who signs in by a request, for the audit log: it began without a session.
import "server-only";
import { eq } from "drizzle-orm";
import { appDb } from "../db/client";
import { sessions, type User, users } from "../db/tables/accounts";
import { cookieOf } from "./auth";
import { challenged } from "./second-step";

/** Whose session the answer begins, or who was asked for a code and gave another. */
export async function signingIn(request: Request, path: string, response: Response): Promise<User | null> {
  if (!path.startsWith("/api/auth/") && path !== "/api/join") return null;
  const token = await sessionIn(response);
  if (token !== null) return ofSession(token);
  return path.startsWith("/api/auth/two-factor/") ? challenged(request.headers, Date.now()) : null;
}

/** The token of the session that an answer begins. */
export function sessionIn(response: Response): Promise<string | null> {
  const given = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
  return cookieOf(new Headers({ cookie: given.join("; ") }), "session_token");
}

const ofSession = (token: string): User | null =>
  appDb()
    .select({ user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.token, token))
    .get()?.user ?? null;
