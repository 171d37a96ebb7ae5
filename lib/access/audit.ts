// The audit log of a team: every change, export and sign-in, by whom and from where, whether it was permitted or not. The border of all routes
// (lib/http/handle.ts) writes it, so that no route can forget to.
import "server-only";
import { and, desc, eq, lt, or, sql } from "drizzle-orm";
import { teamUrl } from "../../common/env";
import type { Permission } from "../../spec/roles";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { annotators } from "../db/tables/annotators";
import { type AuditEntry, auditEntries } from "../db/tables/audit";
import { log } from "../logging/log";
import type { CurrentUser } from "./asked";
import { signingIn } from "./signing-in";

/** Votes are events of their own, with who gave them; and what asks again and again too often would fill the log. */
const isNoted = (request: Request, path: string, permission: Permission, status: number): boolean =>
  teamUrl() !== null &&
  permission !== "annotate" &&
  status !== 429 &&
  (request.method !== "GET" || /\/export(\/|$)/.test(path) || comesBack(path));

/** From the team's provider, where people sign in by it. */
const comesBack = (path: string): boolean => path.startsWith("/api/auth/callback/");

interface Done {
  request: Request;
  path: string;
  permission: Permission;
  user: CurrentUser | null;
  detail: string | null;
  response: Response;
}

/** What was done is done: where the log cannot be written, that is an error of the server's own log. */
export async function note({ request, path, permission, user, detail, response }: Done, now: number): Promise<void> {
  const { status } = response;
  if (!isNoted(request, path, permission, status)) return;
  const who = user ?? (await signingIn(request, path, response));
  const address = request.headers.get("x-forwarded-for")?.split(",")[0]?.trim() ?? null;
  const entry = {
    at: now,
    userId: who?.id ?? null,
    method: request.method,
    path,
    status: comesBack(path) && who === null ? 403 : status,
  };
  await retryOnBusyAsync(() =>
    appDb().transaction(
      (tx) => {
        const erased = erasedName(who);
        const said = erased === null ? { name: who?.name ?? null, address, detail } : { name: erased };
        tx.insert(auditEntries)
          .values({ ...entry, ...said })
          .run();
      },
      { behavior: "immediate" },
    ),
  ).catch((err: unknown) => log().error({ err, entry }, "the audit log could not be written"));
}

/** Of whoever was erased since their request began, what they are called now; null of everybody else. */
function erasedName(who: Pick<CurrentUser, "annotatorId"> | null): string | null {
  const id = who?.annotatorId ?? null;
  if (id === null) return null;
  const person = appDb().select().from(annotators).where(eq(annotators.id, id)).get();
  return person && person.erasedAt !== null ? person.name : null;
}

/** Those before a number, newest first, that have the words somewhere. */
export function auditLog(words: string, before: number, atOnce: number): AuditEntry[] {
  const { seq, name, address, path, detail } = auditEntries;
  const has = [name, address, path, detail].map((column) => sql`instr(lower(${column}), lower(${words})) > 0`);
  const found = words === "" ? undefined : or(...has);
  return appDb()
    .select()
    .from(auditEntries)
    .where(and(lt(seq, before), found))
    .orderBy(desc(seq))
    .limit(atOnce)
    .all();
}
