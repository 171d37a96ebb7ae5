// Who asked, and what they were permitted. Where the workbench serves a team, the web process opens its databases to that alone: a route or a page
// that forgot to ask is refused, whatever it would have read.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Language } from "../../common/written-language";
import type { Permission, Role } from "../../spec/roles";
import { guardDatabases } from "../db/client";

export interface CurrentUser {
  /** Null on one's own machine, where there are no accounts. */
  id: string | null;
  name: string | null;
  role: Role;
  /** Of a script, to what its token is limited; null of whoever sits at a browser. */
  scopes: Permission[] | null;
  sessionId: string | null;
  /** Whose annotations theirs are; on one's own machine a name is chosen apart (lib/people). */
  annotatorId: number | null;
  /** Chosen with the account; null where the browser says. */
  language: Language | null;
}

/** `user`: null of whoever has not signed in. */
export interface Asked {
  user: CurrentUser | null;
  permission: Permission;
}

/** On globalThis, since routes and pages are bundled apart. Of a page: React keeps it as long as that is rendered (allow.ts). */
interface Held {
  workbenchAsked?: AsyncLocalStorage<Asked | "server">;
  workbenchPage?: () => { asked: Asked | null };
}
const held = globalThis as Held;
held.workbenchAsked ??= new AsyncLocalStorage();
const asking = held.workbenchAsked;

/** A route's work, for whoever sent the request. */
export const asAsked = <T>(asked: Asked, work: () => T): T => asking.run(asked, work);

/** What the server does for itself: to find out who asks, to tidy up. Nothing that it reads may be anybody's to keep from others. */
export const asServer = <T>(work: () => T): T => asking.run("server", work);

/** `make` is React's cache of one value a page. */
export function ofPage(make: () => () => { asked: Asked | null }): { asked: Asked | null } {
  held.workbenchPage ??= make();
  return held.workbenchPage();
}

/** Null where nobody was permitted anything yet, and of what is no request: the runner, a command, a test. */
export function askedNow(): Asked | null {
  const asked = asking.getStore();
  if (asked === "server") return null;
  return asked ?? held.workbenchPage?.().asked ?? null;
}

/** From then on; once the process starts, where it serves a team. */
export const denyByDefault = (): void =>
  guardDatabases(() => {
    if (asking.getStore() !== "server" && askedNow() === null)
      throw new Error(
        "This reads a database before it has asked for a permission: see lib/http/handle.ts, lib/access/allow.ts",
      );
  });
