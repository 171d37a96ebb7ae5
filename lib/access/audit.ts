// The audit log of a team: every change, export and sign-in, by whom and from where, whether it was permitted or not. The border of all routes
// (lib/http/handle.ts) writes it, so that no route can forget to.
import "server-only";
import { and, desc, lt, or, sql } from "drizzle-orm";
import { teamUrl } from "../../common/env";
import { isRecord } from "../../common/json";
import type { Permission } from "../../spec/roles";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
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

/** What of a request may stand in the log, of those whose address does not say it; read before the request is. */
export async function detailOf(request: Request, path: string): Promise<string | null> {
  if (request.method === "DELETE" && /^\/api\/people\/\d+$/.test(path)) return "to erase a person"; // whose name is what was sent
  const named =
    told[
      path
        .replace(/\/api\/team\/(?!invitations)[^/]+$/, "/api/team/ID")
        .replace(/\/api\/(queues|labelled)\/\d+\/(roles|work)$/, "/api/datasets/ID/$2")
    ];
  if (named === undefined || request.method === "GET" || teamUrl() === null) return null;
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  if (!isRecord(body)) return null;
  const said = named.flatMap((field) =>
    body[field] === undefined ? [] : [`${field} ${written(body[field]).slice(0, 100)}`],
  );
  return said.join(", ") || null;
}

/** As JSON has it where it is no text. */
const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

const told: Record<string, string[] | undefined> = {
  "/api/auth/sign-in/username": ["username"],
  "/api/auth/sign-in/email": ["email"],
  "/api/auth/passkey/verify-registration": ["name"],
  "/api/auth/passkey/update-passkey": ["name"],
  "/api/join": ["username"],
  "/api/team": ["role", "note", "email"],
  "/api/team/ID": ["role", "deactivated"],
  "/api/settings": ["retentionDays"],
  "/api/datasets/ID/roles": ["userId", "role", "restricted"],
  "/api/datasets/ID/work": ["annotatorId", "amount", "due"],
};

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
    name: who?.name ?? null,
    address,
    method: request.method,
    path,
    detail,
    status: comesBack(path) && who === null ? 403 : status,
  };
  await retryOnBusyAsync(() => appDb().insert(auditEntries).values(entry).run()).catch((err: unknown) =>
    log().error({ err, entry }, "the audit log could not be written"),
  );
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
