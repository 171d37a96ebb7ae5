// Signing in by an OpenID Connect provider: a real one, whose pages this test walks through as a browser does.
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { GET as callback } from "../app/api/auth/callback/sso/route";
import { POST as connectAt } from "../app/api/auth/link-social/route";
import { POST as atProvider } from "../app/api/auth/sign-in/social/route";
import { POST as disconnectAt } from "../app/api/auth/unlink-account/route";
import { GET as me } from "../app/api/me/route";
import { DELETE as disconnectOther } from "../app/api/team/[user]/connection/route";
import { POST as newPassword } from "../app/api/team/[user]/password/route";
import { register } from "../instrumentation";
import { auditLog } from "../lib/access/audit";
import { requireTeamAuth } from "../lib/access/auth";
import { invite } from "../lib/access/invitations";
import { join } from "../lib/access/join";
import { changeMember, membersNow } from "../lib/access/members";
import { appDb } from "../lib/db/client";
import { credentials, rateLimits, sessions, users } from "../lib/db/tables/accounts";
import { client, type Oidc, oidcServer } from "./oidc-server";
import { freePort } from "./server";
import { asked, cookieOf, freshTeam, joined, origin, password, sent } from "./team";

let provider: Oidc;

beforeAll(async () => {
  freshTeam();
  provider = await oidcServer(await freePort(), origin);
  vi.stubEnv("WORKBENCH_OIDC_ISSUER", provider.issuer);
  vi.stubEnv("WORKBENCH_OIDC_CLIENT_ID", client.id);
  vi.stubEnv("WORKBENCH_OIDC_CLIENT_SECRET", client.secret);
});
afterAll(() => provider.close());
beforeEach(() => void appDb().delete(rateLimits).run());

const begin = async (to = "/runs") => {
  const answer = await atProvider(sent("/api/auth/sign-in/social", { to }), undefined);
  return { url: ((await answer.json()) as { url: string }).url, cookie: cookieOf(answer) };
};

/** Where the provider sends a browser whose user typed this name and agreed. */
async function throughProvider(url: string, name: string): Promise<URL> {
  const jar = new Map<string, string>();
  const ask = async (address: string, form?: Record<string, string>) => {
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const body = form && { method: "POST", body: new URLSearchParams(form) };
    const answer = await fetch(address, { redirect: "manual", headers: { cookie }, ...body });
    for (const one of answer.headers.getSetCookie()) {
      const [pair = ""] = one.split(";");
      jar.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return new URL(answer.headers.get("location") ?? "", provider.issuer);
  };
  let at = await ask(url);
  for (const form of [{ prompt: "login", login: name, password: "any" }, { prompt: "consent" }])
    at = await ask((await ask(at.href, form)).href);
  return at;
}

const comeBack = (at: URL, cookie: string) =>
  callback(asked("GET", `${at.pathname}${at.search}`, { cookie }), undefined);

async function signIn(name: string): Promise<Response> {
  const { url, cookie } = await begin();
  return comeBack(await throughProvider(url, name), cookie);
}
const invited = (email: string, role: "viewer" | "annotator" = "viewer", now = Date.now()) =>
  invite({ role, email, createdBy: null, days: 1 }, now);
const userOf = (email: string) =>
  appDb()
    .select()
    .from(users)
    .all()
    .find((user) => user.email === email);
const userNamed = (name: string) => appDb().select().from(users).where(eq(users.username, name)).get()!;
const waysOf = (userId: string) =>
  appDb()
    .select()
    .from(credentials)
    .where(eq(credentials.userId, userId))
    .all()
    .map(({ providerId }) => providerId);
const connectionsOf = (person: string) =>
  appDb()
    .select()
    .from(credentials)
    .where(eq(credentials.accountId, person))
    .all()
    .map(({ userId }) => userId);
const statusOf = async (cookie: string) => (await me(asked("GET", "/api/me", { cookie }), undefined)).status;
const isRefused = (answer: Response) => {
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?refused=1"]);
  expect(answer.headers.getSetCookie().filter((one) => /session_token=[^;]/.test(one))).toEqual([]);
};

test("whoever was invited by e-mail gets in with the role of the invitation, whatever the provider calls them, and comes back where they were", async () => {
  invited("Ada@Example.org");
  const first = await signIn("ada");
  expect([first.status, first.headers.get("location")]).toEqual([302, "/runs"]);
  expect(await statusOf(cookieOf(first))).toBe(200);
  expect(userOf("ada@example.org")).toMatchObject({
    role: "viewer",
    username: "ada",
    name: "ada",
    emailVerified: true,
  });
  const again = await signIn("ada"); // without an invitation, as the first has used it
  expect(await statusOf(cookieOf(again))).toBe(200);
  expect(cookieOf(again)).not.toBe(cookieOf(first));
  const kept = appDb().select().from(credentials).all();
  expect(kept.map(({ accessToken, refreshToken, idToken }) => [accessToken, refreshToken, idToken])).toEqual([
    [null, null, null],
  ]);
});

test("whoever was not invited, is not known to have the address, or comes too late is refused alike, and no account is made", async () => {
  const before = appDb().select().from(users).all().length;
  invited("unverified.bea@example.org");
  invited("cyd@example.org", "viewer", Date.now() - 2 * 24 * 3600 * 1000);
  for (const name of ["mallory", "unverified.bea", "cyd"]) isRefused(await signIn(name));
  expect(appDb().select().from(users).all().length).toBe(before);
});

test("an account with a password is nobody's by its e-mail address: typed, it gives way to whoever has it; confirmed, it stays", async () => {
  const typed = invite({ role: "annotator", createdBy: null, days: 1 }, Date.now());
  await join({ token: typed, username: "dan_here", email: "dan@example.org", password }, new Headers(), Date.now());
  await join({ token: invited("don@example.org"), username: "don_here", password }, new Headers(), Date.now());
  isRefused(await signIn("dan")); // not invited: what was typed stays
  expect(userNamed("dan_here").email).toBe("dan@example.org");
  for (const name of ["dan", "don"]) invited(`${name}@example.org`);
  expect((await signIn("dan")).headers.get("location")).toBe("/runs");
  expect(userOf("dan@example.org")).toMatchObject({ username: "dan", emailVerified: true });
  isRefused(await signIn("don"));
  for (const name of ["dan_here", "don_here"]) expect(waysOf(userNamed(name).id)).toEqual(["credential"]);
  expect(userNamed("dan_here")).toMatchObject({ email: "dan_here@workbench.invalid", emailVerified: false });
  expect(userNamed("don_here")).toMatchObject({ email: "don@example.org", emailVerified: true });
});

/** Whether the provider lets them in to the account of this session from now on. */
async function connect(cookie: string, name: string): Promise<string | null> {
  const begun = await beginning(cookie);
  return begun.status === 200 ? await connected(begun, cookie, name) : null;
}
const beginning = (cookie: string) => connectAt(sent("/api/auth/link-social", {}, { cookie }), undefined);
async function connected(begun: Response, cookie: string, name: string): Promise<string | null> {
  const { url } = (await begun.json()) as { url: string };
  const back = await comeBack(await throughProvider(url, name), `${cookie}; ${cookieOf(begun)}`);
  expect(back.headers.getSetCookie().filter((one) => /session_token=[^;]/.test(one))).toEqual([]);
  return back.headers.get("location");
}

test("whoever is signed in with a password connects the provider, comes in by it without an invitation, and disconnects it", async () => {
  const cookie = await joined("ivy", "annotator");
  const before = userOf("ivy@workbench.invalid")!;
  expect(await connect(cookie, "ivy.elsewhere")).toBe("/account?connected=yes");
  const inside = cookieOf(await signIn("ivy.elsewhere"));
  expect(await (await me(asked("GET", "/api/me", { cookie: inside }), undefined)).json()).toMatchObject({
    name: "ivy",
  });
  expect(userOf("ivy@workbench.invalid")).toEqual(before); // what the provider says of them changes nothing
  expect(
    appDb()
      .select()
      .from(credentials)
      .all()
      .find(({ accountId }) => accountId === "ivy.elsewhere"),
  ).toMatchObject({ accessToken: null, refreshToken: null, idToken: null });
  const end = await disconnectAt(sent("/api/auth/unlink-account", {}, { cookie }), undefined);
  expect(end.status).toBe(200);
  isRefused(await signIn("ivy.elsewhere"));
  expect([await statusOf(cookie), await statusOf(inside)]).toEqual([200, 401]); // whoever came in by it is out
});

test("an owner sees who is connected and ends that, with the sessions, but not the only way in to an account", async () => {
  const owner = await joined("oda", "owner");
  const cookie = await joined("sam", "annotator");
  const { id } = userNamed("sam");
  const disconnect = (id: string, headers: { cookie: string }) =>
    disconnectOther(asked("DELETE", `/api/team/${id}/connection`, headers), { params: Promise.resolve({ user: id }) });
  const isShown = (id: string) => membersNow(Date.now()).members.find((member) => member.id === id)!.connected;
  expect([isShown(id), (await disconnect(id, { cookie: owner })).status]).toEqual([false, 409]);
  expect(await connect(cookie, "sam.elsewhere")).toBe("/account?connected=yes");
  const inside = cookieOf(await signIn("sam.elsewhere"));
  expect([isShown(id), (await disconnect(id, { cookie })).status]).toEqual([true, 403]);
  expect((await disconnect(id, { cookie: owner })).status).toBe(200);
  expect(isShown(id)).toBe(false);
  expect(await Promise.all([owner, cookie, inside].map(statusOf))).toEqual([200, 401, 401]);
  isRefused(await signIn("sam.elsewhere"));
  const { method, path, name, status } = auditLog(`/api/team/${id}`, Number.MAX_SAFE_INTEGER, 1)[0]!;
  expect([method, path, name, status]).toEqual(["DELETE", `/api/team/${id}/connection`, "oda", 200]);

  invited("ned@example.org");
  const ned = cookieOf(await signIn("ned"));
  const refused = await disconnect(userNamed("ned").id, { cookie: owner });
  expect([refused.status, await refused.json()]).toEqual([
    409,
    { error: expect.stringMatching(/no password.*Deactivate ned/) },
  ]);
  expect([await statusOf(ned), waysOf(userNamed("ned").id)]).toEqual([200, ["sso"]]);
});

test("of two accounts that one person of the provider is connected to at once one gets them, though neither was found at first", async () => {
  const [tom, una] = [await joined("tom", "annotator"), await joined("una", "annotator")];
  const { internalAdapter } = await requireTeamAuth().$context;
  const looked = vi.spyOn(internalAdapter, "findAccountByKey").mockResolvedValue(null);
  const both = await Promise.all([tom, una].map((cookie) => connect(cookie, "both")));
  looked.mockRestore();
  expect(both.sort()).toEqual(["/account?connected=no", "/account?connected=yes"]);
  expect(connectionsOf("both")).toHaveLength(1);
  const second = { ...appDb().select().from(credentials).where(eq(credentials.accountId, "both")).get()!, id: "x" };
  expect(() => appDb().insert(credentials).values(second).run()).toThrow(/UNIQUE/);
});

test("an account that an invitation makes for somebody whom another account gets at that moment is not left behind", async () => {
  const cookie = await joined("vic", "annotator");
  invited("zed@example.org");
  const { internalAdapter } = await requireTeamAuth().$context;
  const make = internalAdapter.createUser.bind(internalAdapter);
  const made = vi.spyOn(internalAdapter, "createUser").mockImplementation(async (...given) => {
    const user = await make(...given);
    expect(await connect(cookie, "zed")).toBe("/account?connected=yes");
    return user;
  });
  isRefused(await signIn("zed"));
  made.mockRestore();
  expect(connectionsOf("zed")).toEqual([userNamed("vic").id]);
  expect(userOf("zed@example.org")).toBeUndefined();
});

test("somebody of the provider who has an account here, or no confirmed address there, is connected to no other", async () => {
  const cookie = await joined("jon", "annotator");
  invited("kim@example.org");
  await signIn("kim");
  for (const name of ["kim", "unverified.jon"]) expect(await connect(cookie, name)).toBe("/account?connected=no");
  isRefused(await signIn("unverified.jon"));
});

test("an account is connected to one person of the provider, also of those who were asked for at once, and keeps nothing of them", async () => {
  const cookie = await joined("pia", "annotator");
  const [first, second, again] = await Promise.all([1, 2, 3].map(() => beginning(cookie)));
  expect(await connected(first!, cookie, "pia.elsewhere")).toBe("/account?connected=yes");
  expect(await connected(second!, cookie, "pia.other")).toBe("/account?connected=no");
  expect(await connected(again!, cookie, "pia.elsewhere")).toBe("/account?connected=yes");
  expect(await connect(cookie, "pia.other")).toBeNull();
  const kept = appDb()
    .select()
    .from(credentials)
    .where(eq(credentials.userId, userNamed("pia").id))
    .all();
  expect(kept.map(({ accountId }) => accountId)).toContain("pia.elsewhere");
  expect(kept).toHaveLength(2); // the password is the other
  for (const one of kept) expect(one).toMatchObject({ accessToken: null, refreshToken: null, idToken: null });
  expect((await disconnectAt(sent("/api/auth/unlink-account", {}, { cookie }), undefined)).status).toBe(200);
  for (const name of ["pia.elsewhere", "pia.other"]) isRefused(await signIn(name));
});

test("an owner's link for a new password ends the connection", async () => {
  const owner = await joined("quinn", "owner");
  const cookie = await joined("rosa", "annotator");
  const { id } = userNamed("rosa");
  expect(await connect(cookie, "rosa.elsewhere")).toBe("/account?connected=yes");
  const asking = asked("POST", `/api/team/${id}/password`, { cookie: owner });
  const answer = await newPassword(asking, { params: Promise.resolve({ user: id }) });
  const { link } = (await answer.json()) as { link: string };
  const token = link.slice(link.lastIndexOf("/") + 1);
  await join({ token, username: "rosa", password: `${password}!` }, new Headers(), Date.now());
  isRefused(await signIn("rosa.elsewhere"));
});

test("a session older than a day, an account without a password and whoever is not signed in connect nothing, and disconnect nothing", async () => {
  const cookie = await joined("lea", "annotator");
  const wes = await joined("wes", "annotator");
  expect(await connect(wes, "wes.elsewhere")).toBe("/account?connected=yes");
  const dayAgo = new Date(Date.now() - 25 * 3600 * 1000);
  appDb().update(sessions).set({ createdAt: dayAgo }).run();
  for (const [one, status] of [
    [wes, 403],
    ["", 401],
  ] as const)
    expect((await disconnectAt(sent("/api/auth/unlink-account", {}, { cookie: one }), undefined)).status).toBe(status);
  expect(await statusOf(cookieOf(await signIn("wes.elsewhere")))).toBe(200);
  invited("max@example.org");
  for (const one of [cookie, cookieOf(await signIn("max")), ""]) expect(await connect(one, "lea")).toBeNull();
  isRefused(await signIn("lea"));
});

test("an answer of the provider is of use once, in the browser that asked for it, and not without its state", async () => {
  invited("eve@example.org");
  const { url } = await begin();
  const at = await throughProvider(url, "eve");
  isRefused(await comeBack(at, ""));
  isRefused(await comeBack(at, (await begin()).cookie));
  const fresh = await begin();
  const here = await throughProvider(fresh.url, "eve");
  const without = new URL(here);
  without.searchParams.delete("state");
  isRefused(await comeBack(without, fresh.cookie));
  expect(await statusOf(cookieOf(await comeBack(here, fresh.cookie)))).toBe(200);
  isRefused(await comeBack(here, fresh.cookie));
});

test("nobody is led elsewhere, and no token of a provider is taken from a browser", async () => {
  invited("fay@example.org");
  const { url, cookie } = await begin("//evil.example/x");
  const back = await comeBack(await throughProvider(url, "fay"), cookie);
  expect(back.headers.get("location")).toBe("/");
  const body = { to: "/", provider: "sso", idToken: { token: "made.up.token" }, callbackURL: "https://evil.example" };
  const answer = (await (await atProvider(sent("/api/auth/sign-in/social", body), undefined)).json()) as {
    url: string;
  };
  const address = new URL(answer.url);
  expect(address.origin).toBe(provider.issuer);
  expect(address.searchParams.get("redirect_uri")).toBe(`${origin}/api/auth/callback/sso`);
  expect(address.searchParams.get("code_challenge_method")).toBe("S256");
  expect(address.searchParams.get("nonce")).toBeTruthy();
});

test("a name that somebody has gets a number; who is deactivated does not come in by the provider; they have no password to choose", async () => {
  const owner = await joined("gus", "owner");
  invited("gus@example.org", "annotator");
  const cookie = cookieOf(await signIn("gus"));
  const { id, username, role } = userOf("gus@example.org")!;
  expect([username, role]).toEqual(["gus2", "annotator"]);
  const params = Promise.resolve({ user: id });
  expect((await newPassword(asked("POST", `/api/team/${id}/password`, { cookie: owner }), { params })).status).toBe(
    409,
  );
  changeMember(id, { deactivated: true }, Date.now());
  expect([await statusOf(cookie), await statusOf(cookieOf(await signIn("gus")))]).toEqual([401, 401]);
});

test("the audit log says who came in by the provider, and that others were refused", async () => {
  invited("hal@example.org");
  await signIn("hal");
  await signIn("mallory");
  const came = auditLog("/api/auth/callback", Number.MAX_SAFE_INTEGER, 2);
  expect(came.map(({ name, status }) => [name, status])).toEqual([
    [null, 403],
    ["hal", 302],
  ]);
});

test("a team's server does not start where the provider's settings are not whole", async () => {
  vi.stubEnv("NEXT_RUNTIME", "nodejs");
  vi.stubEnv("WORKBENCH_OIDC_CLIENT_SECRET", "");
  await expect(register()).rejects.toThrow("set all three, or none");
});
