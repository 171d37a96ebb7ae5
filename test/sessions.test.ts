// What OWASP's session management cheat sheet asks for, where the workbench serves a team.
import { beforeAll, beforeEach, expect, test } from "vitest";
import { POST as changePassword } from "../app/api/auth/change-password/route";
import { POST as byEmail } from "../app/api/auth/sign-in/email/route";
import { POST as byName } from "../app/api/auth/sign-in/username/route";
import { POST as join } from "../app/api/join/route";
import { GET as me, DELETE as signOut } from "../app/api/me/route";
import { DELETE as endOne } from "../app/api/sessions/[id]/route";
import { DELETE as endOthers, GET as sessions } from "../app/api/sessions/route";
import type { OwnSession } from "../lib/access/access-schema";
import { invite, takeBack } from "../lib/access/invitations";
import { changeMember } from "../lib/access/members";
import { appDb } from "../lib/db/client";
import { credentials, invitations, rateLimits, users } from "../lib/db/tables/accounts";
import { asked, cookieOf, freshTeam, joined, password, sent } from "./team";

beforeAll(() => void freshTeam());
beforeEach(() => void appDb().delete(rateLimits).run());

const signIn = (username: string, typed: string, headers = {}) =>
  byName(sent("/api/auth/sign-in/username", { username, password: typed }, headers), undefined);
const statusOf = async (cookie: string) => (await me(asked("GET", "/api/me", { cookie }), undefined)).status;
const sessionsOf = async (cookie: string) =>
  (await (await sessions(asked("GET", "/api/sessions", { cookie }), undefined)).json()) as OwnSession[];
const idOf = (name: string) =>
  appDb()
    .select()
    .from(users)
    .all()
    .find((user) => user.name === name)!.id;

test("signing in gives a new session each time, in a cookie that scripts and plain HTTP do not get", async () => {
  await joined("ada", "researcher");
  const [first, second] = [await signIn("ada", password), await signIn("Ada", password)];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(cookieOf(first)).not.toBe(cookieOf(second));
  for (const cookie of first.headers.getSetCookie().filter((one) => one.includes("session_token"))) {
    expect(cookie).toMatch(/^__Secure-workbench\.session_token=/);
    for (const flag of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=1209600"])
      expect(cookie).toContain(flag);
  }
});

test("fixation: a token that a browser came with is not the one of the session that signing in begins", async () => {
  await joined("bea", "annotator");
  const planted = "__Secure-workbench.session_token=planted.signature";
  const cookie = cookieOf(await signIn("bea", password, { cookie: planted }));
  expect(cookie).not.toContain("planted");
  expect(await statusOf(planted)).toBe(401);
  expect(await statusOf(cookie)).toBe(200);
  expect(await statusOf(`${cookie.slice(0, -4)}AAAA`)).toBe(401); // another's signature
});

test("enumeration: an unknown name and a wrong password are answered alike", async () => {
  await joined("cyd", "viewer");
  const answers = [await signIn("cyd", "wrong password"), await signIn("nobody_here", "wrong password")];
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  const [known, unknown] = await Promise.all(answers.map((answer) => answer.text()));
  expect(known).toBe(unknown);
  const unknownEmail = await byEmail(sent("/api/auth/sign-in/email", { email: "x@example.org", password }), undefined);
  expect(unknownEmail.status).toBe(401);
});

test("brute force: after ten tries a minute from one address the right password is refused too, and from another it is not", async () => {
  await joined("dan", "annotator");
  const from = { "x-forwarded-for": "203.0.113.7" };
  const tries = [];
  for (let i = 0; i < 100; i++) tries.push((await signIn("dan", `guess number ${i}`, from)).status);
  expect(tries.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(tries.slice(10)).toEqual(Array(90).fill(429));
  expect((await signIn("dan", password, from)).status).toBe(429);
  expect((await signIn("dan", password, { "x-forwarded-for": "203.0.113.8" })).status).toBe(200);
});

test("signing out ends the session itself, and it alone; one's other sessions are listed and ended, nobody else's", async () => {
  const here = await joined("eve", "reviewer");
  const there = cookieOf(await signIn("eve", password));
  const somebody = await joined("fay", "owner");
  expect((await sessionsOf(here)).map(({ current }) => current).sort()).toEqual([false, true]);
  const foreign = (await sessionsOf(somebody))[0]!.id;
  const end = (id: string, cookie: string) =>
    endOne(asked("DELETE", `/api/sessions/${id}`, { cookie }), { params: Promise.resolve({ id }) });
  expect((await end(foreign, here)).status).toBe(404);
  expect(await statusOf(somebody)).toBe(200);
  await signOut(asked("DELETE", "/api/me", { cookie: there }), undefined);
  expect([await statusOf(there), await statusOf(here)]).toEqual([401, 200]);
  const third = cookieOf(await signIn("eve", password));
  await endOthers(asked("DELETE", "/api/sessions", { cookie: here }), undefined);
  expect([await statusOf(third), await statusOf(here)]).toEqual([401, 200]);
});

test("another password ends every other session, and wants the current one", async () => {
  const here = await joined("gus", "annotator");
  const there = cookieOf(await signIn("gus", password));
  const change = (currentPassword: string, newPassword: string) =>
    changePassword(
      sent("/api/auth/change-password", { currentPassword, newPassword, revokeOtherSessions: true }, { cookie: here }),
      undefined,
    );
  expect((await change("not this one", "another good one")).status).toBe(400);
  expect((await change(password, "short")).status).toBe(400);
  const changed = await change(password, "another good one");
  expect(changed.status).toBe(200);
  expect([await statusOf(there), await statusOf(here), await statusOf(cookieOf(changed))]).toEqual([401, 401, 200]);
  expect((await signIn("gus", password)).status).toBe(401);
});

test("a role holds from the next request on; whoever is deactivated is out at once and does not come in again", async () => {
  const cookie = await joined("hal", "owner");
  await joined("ida", "owner");
  changeMember(idOf("hal"), { role: "viewer" }, Date.now());
  const now = await sessions(asked("GET", "/api/sessions", { cookie }), undefined);
  expect(now.status).toBe(200);
  changeMember(idOf("hal"), { deactivated: true }, Date.now());
  expect(await statusOf(cookie)).toBe(401);
  const again = await signIn("hal", password);
  expect(await statusOf(cookieOf(again))).toBe(401);
  changeMember(idOf("hal"), { deactivated: false }, Date.now());
  expect(await statusOf(cookieOf(await signIn("hal", password)))).toBe(200);
});

test("the last owner stays one", async () => {
  const owners = appDb()
    .select()
    .from(users)
    .all()
    .filter(({ role }) => role === "owner");
  const last = owners.pop()!;
  for (const { id } of owners) changeMember(id, { role: "viewer" }, Date.now());
  for (const change of [{ role: "viewer" as const }, { deactivated: true }])
    expect(() => changeMember(last.id, change, Date.now())).toThrow(/only owner/);
});

test("a link is of use once, until it expires or is revoked; what the database has of it opens nothing", async () => {
  const now = Date.now();
  const use = (token: string, username: string) => join(sent("/api/join", { token, username, password }), undefined);
  const token = invite({ role: "annotator", createdBy: null, days: 1 }, now);
  const rows = appDb().select().from(invitations).all();
  expect((await use(rows.at(-1)!.hash, "jan")).status).toBe(404);
  expect((await use(token, "ada")).status).toBe(409); // that name is somebody's; the link is still good
  expect((await use(token, "jan")).status).toBe(200);
  expect((await use(token, "kim")).status).toBe(404);
  const expired = invite({ role: "annotator", createdBy: null, days: 1 }, now - 2 * 24 * 3600 * 1000);
  expect((await use(expired, "kim")).status).toBe(404);
  const revoked = invite({ role: "annotator", createdBy: null, days: 1 }, now);
  takeBack(appDb().select().from(invitations).all().at(-1)!.id, now);
  expect((await use(revoked, "kim")).status).toBe(404);
  const twice = invite({ role: "annotator", createdBy: null, days: 1 }, now);
  const both = await Promise.all([use(twice, "lea"), use(twice, "lou")]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("a link for a new password ends the sessions that there were", async () => {
  const cookie = await joined("max", "annotator");
  const token = invite({ role: "annotator", userId: idOf("max"), createdBy: null, days: 1 }, Date.now());
  const chosen = await join(sent("/api/join", { token, username: "max", password: "a wholly new one" }), undefined);
  expect(chosen.status).toBe(200);
  expect(await statusOf(cookie)).toBe(401);
  expect([(await signIn("max", password)).status, (await signIn("max", "a wholly new one")).status]).toEqual([
    401, 200,
  ]);
});

test("passwords are kept as scrypt's hashes, each with a salt of its own", () => {
  const hashes = appDb()
    .select()
    .from(credentials)
    .all()
    .map((row) => row.password!);
  expect(hashes.length).toBeGreaterThan(5);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  expect(new Set(hashes.map((hash) => hash.slice(0, 32))).size).toBe(hashes.length);
});
