// A workbench that serves a team, and somebody of each role signed in.
import { join as joinPath } from "node:path";
import { vi } from "vitest";
import { invite } from "../lib/access/invitations";
import { join } from "../lib/access/join";
import type { Role } from "../spec/roles";
import { freshDatabase } from "./database";

export const origin = "https://team.test";
export const password = "correct horse battery";

/** Fresh databases, served under `origin`. */
export function freshTeam(): string {
  vi.stubEnv("WORKBENCH_URL", origin);
  return freshDatabase();
}

/** What a browser sends from then on. */
export const cookieOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0]!)
    .join("; ");

/** The cookie of somebody who has just joined. */
export async function joined(username: string, role: Role): Promise<string> {
  const token = invite({ role, createdBy: null, days: 1 }, Date.now());
  const answer = await join({ token, username, password }, new Headers(), Date.now());
  if (!answer.ok) throw new Error(`${username} could not join: ${await answer.text()}`);
  return cookieOf(answer);
}

export const asked = (method: string, path: string, headers: Record<string, string> = {}): Request =>
  new Request(new URL(path, origin), { method, headers: { host: new URL(origin).host, origin, ...headers } });

/** A form of a page. */
export const sent = (path: string, value: object, headers: Record<string, string> = {}): Request =>
  new Request(asked("POST", path, { "content-type": "application/json", ...headers }), { body: JSON.stringify(value) });

type Handler = (request: Request, context: unknown) => Promise<Response>;

/** The handlers of a route by its address, as app/ has it. */
export const handlersOf = (address: string): Promise<Record<string, Handler>> =>
  import(joinPath(import.meta.dirname, "..", "app", address, "route.ts"));
