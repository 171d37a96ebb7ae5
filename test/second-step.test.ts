// Codes of an authenticator app after the password. They are otpauth 9.5's, which reads the address that the app would scan.
import { TOTP, URI } from "otpauth";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { POST as byName } from "../app/api/auth/sign-in/username/route";
import { POST as disable } from "../app/api/auth/two-factor/disable/route";
import { POST as enable } from "../app/api/auth/two-factor/enable/route";
import { POST as newBackupCodes } from "../app/api/auth/two-factor/generate-backup-codes/route";
import { POST as byBackupCode } from "../app/api/auth/two-factor/verify-backup-code/route";
import { POST as byCode } from "../app/api/auth/two-factor/verify-totp/route";
import { POST as join } from "../app/api/join/route";
import { GET as me } from "../app/api/me/route";
import { POST as lost } from "../app/api/team/[user]/second-step/route";
import { auditLog } from "../lib/access/audit";
import { invite } from "../lib/access/invitations";
import { membersNow } from "../lib/access/members";
import { appDb } from "../lib/db/client";
import { rateLimits, sessions } from "../lib/db/tables/accounts";
import { secondSteps } from "../lib/db/tables/second-steps";
import { asked, cookieOf, freshTeam, joined, password, sent } from "./team";

beforeAll(() => void freshTeam());
/** A minute later, so that no code of the test before holds any more. */
beforeEach(() => {
  vi.setSystemTime(Date.now() + 600_000);
  appDb().delete(rateLimits).run();
});

const halfMinute = 30_000;
const signIn = (username: string, typed = password, cookie = "") =>
  byName(sent("/api/auth/sign-in/username", { username, password: typed }, { cookie }), undefined);
const giveCode = (cookie: string, code: string) =>
  byCode(sent("/api/auth/two-factor/verify-totp", { code }, { cookie }), undefined);
const giveBackup = (cookie: string, code: string) =>
  byBackupCode(sent("/api/auth/two-factor/verify-backup-code", { code }, { cookie }), undefined);
const begin = (cookie: string, typed = password) =>
  enable(sent("/api/auth/two-factor/enable", { password: typed }, { cookie }), undefined);
const statusOf = async (cookie: string) => (await me(asked("GET", "/api/me", { cookie }), undefined)).status;
/** The code of a half minute, counted from this one. */
const codeOf = (app: TOTP, later = 0) => app.generate({ timestamp: Date.now() + later * halfMinute });
const wrong = (app: TOTP) => String((Number(codeOf(app)) + 1) % 1_000_000).padStart(6, "0");

interface Guarded {
  app: TOTP;
  backup: string[];
  cookie: string;
}

/** Somebody who has turned it on, with the code of half a minute ago. */
async function guarded(name: string): Promise<Guarded> {
  const before = await joined(name, "researcher");
  const begun = (await (await begin(before)).json()) as { totpURI: string; backupCodes: string[] };
  const app = URI.parse(begun.totpURI);
  if (!(app instanceof TOTP)) throw new Error(`${begun.totpURI} is of no clock`);
  const cookie = cookieOf(await giveCode(before, codeOf(app, -1)));
  return { app, backup: begun.backupCodes, cookie };
}

test("it is on once a code has confirmed it, asks for the password, and begins a new session", async () => {
  const here = await joined("ada", "researcher");
  expect((await begin(here, "not the password")).status).toBe(400);
  const begun = (await (await begin(here)).json()) as { totpURI: string; backupCodes: string[] };
  expect(await (await signIn("ada")).json()).not.toHaveProperty("twoFactorRedirect");
  const app = URI.parse(begun.totpURI) as TOTP;
  expect([app.issuer, app.algorithm, app.digits, app.period]).toEqual(["team.test", "SHA1", 6, 30]);
  expect(new Set(begun.backupCodes).size).toBe(10);
  expect((await giveCode(here, wrong(app))).status).toBe(401);
  const confirmed = await giveCode(here, codeOf(app));
  expect(confirmed.status).toBe(200);
  expect([await statusOf(here), await statusOf(cookieOf(confirmed))]).toEqual([401, 200]);
  expect(await (await signIn("ada")).json()).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
});

test("after the password nobody is signed in; after the code a session begins that was not there before", async () => {
  const { app } = await guarded("bea");
  const before = appDb().select().from(sessions).all();
  const half = await signIn("bea");
  expect(half.headers.getSetCookie().filter((one) => /session_token=[^;]/.test(one))).toEqual([]);
  expect(await statusOf(cookieOf(half))).toBe(401);
  expect(appDb().select().from(sessions).all()).toEqual(before);
  const whole = await giveCode(cookieOf(half), codeOf(app));
  expect(await statusOf(cookieOf(whole))).toBe(200);
  expect(appDb().select().from(sessions).all().length).toBe(before.length + 1);
  expect((await giveCode(cookieOf(half), codeOf(app, 1))).status).toBe(401); // what asked for the code is spent too
});

test("a code lets in once, the one that turned it on too; of two who give it at once one gets in; an older one does not", async () => {
  const { app } = await guarded("cyd");
  const asks = async () => cookieOf(await signIn("cyd"));
  expect((await giveCode(await asks(), codeOf(app, -1))).status).toBe(401); // which turned it on
  const [one, other] = [await asks(), await asks()];
  const both = await Promise.all([giveCode(one, codeOf(app)), giveCode(other, codeOf(app))]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const replayed = await giveCode(await asks(), codeOf(app));
  expect([replayed.status, await replayed.json()]).toEqual([401, { error: expect.stringMatching(/given before/) }]);
  expect((await giveCode(await asks(), codeOf(app, -2))).status).toBe(401);
  expect((await giveCode(await asks(), codeOf(app, 1))).status).toBe(200);
});

test("without the password a code is of no use, nor is one of somebody else's app", async () => {
  const [{ app }, dan] = [await guarded("eve"), await guarded("dan")];
  expect((await giveCode("", codeOf(app))).status).toBe(401);
  const planted = "__Secure-workbench.two_factor=2fa-aaaaaaaaaaaaaaaaaaaa.signature";
  expect((await giveCode(planted, codeOf(app))).status).toBe(401);
  expect((await giveCode(cookieOf(await signIn("eve")), codeOf(dan.app))).status).toBe(401);
  expect(await (await signIn("eve", "wrong password")).text()).toBe(
    await (await signIn("nobody_here", "wrong password")).text(),
  ); // whether it is on is told to who knows the password alone
});

test("five codes are tried for a password, ten in a row for an account, and ten a minute from one address", async () => {
  const { app } = await guarded("fay");
  const from = (address: string) => ({ "x-forwarded-for": address });
  const give = (cookie: string, code: string, address: string) =>
    byCode(sent("/api/auth/two-factor/verify-totp", { code }, { cookie, ...from(address) }), undefined);
  const guesses = [...Array(12).keys()].map((i) => String((Number(wrong(app)) + 7 * i) % 1_000_000).padStart(6, "0"));
  const first = cookieOf(await signIn("fay"));
  const tried = [];
  for (const guess of guesses.slice(0, 6)) tried.push((await give(first, guess, "203.0.113.1")).status);
  expect(tried).toEqual([401, 401, 401, 401, 401, 400]);
  const second = cookieOf(await signIn("fay"));
  for (const guess of guesses.slice(6, 11)) await give(second, guess, "203.0.113.2");
  const third = cookieOf(await signIn("fay"));
  expect((await give(third, codeOf(app), "203.0.113.3")).status).toBe(429); // locked
  vi.setSystemTime(Date.now() + 16 * 60_000);
  expect((await give(cookieOf(await signIn("fay")), codeOf(app), "203.0.113.3")).status).toBe(200);
  const statuses = [];
  for (let i = 0; i < 12; i++) statuses.push((await give("", guesses[i]!, "203.0.113.4")).status);
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
});

test("a backup code lets in once; new ones end those before; what the database has of them and of the secret is encrypted", async () => {
  const { app, backup, cookie } = await guarded("gus");
  const asks = async () => cookieOf(await signIn("gus"));
  expect((await giveBackup(await asks(), "aaaaa-bbbbb")).status).toBe(401);
  expect(await statusOf(cookieOf(await giveBackup(await asks(), backup[0]!)))).toBe(200);
  expect((await giveBackup(await asks(), backup[0]!)).status).toBe(401);
  const more = (typed: string) =>
    newBackupCodes(sent("/api/auth/two-factor/generate-backup-codes", { password: typed }, { cookie }), undefined);
  expect((await more("not the password")).status).toBe(400);
  const { backupCodes } = (await (await more(password)).json()) as { backupCodes: string[] };
  expect((await giveBackup(await asks(), backup[1]!)).status).toBe(401);
  expect((await giveBackup(await asks(), backupCodes[1]!)).status).toBe(200);
  const kept = JSON.stringify(appDb().select().from(secondSteps).all());
  for (const secret of [app.secret.utf8, app.secret.base32, ...backupCodes]) expect(kept).not.toContain(secret);
});

test("it ends by the password, and the password is enough from then on", async () => {
  const { cookie } = await guarded("hal");
  const end = (typed: string) =>
    disable(sent("/api/auth/two-factor/disable", { password: typed }, { cookie }), undefined);
  expect((await end("not the password")).status).toBe(400);
  const ended = await end(password);
  expect([ended.status, await statusOf(cookie), await statusOf(cookieOf(ended))]).toEqual([200, 401, 200]);
  expect(await statusOf(cookieOf(await signIn("hal")))).toBe(200);
});

test("by an owner's link somebody without their phone chooses a password and is asked for no code; a link for a password alone leaves it", async () => {
  const owner = await joined("ida", "owner");
  const { cookie } = await guarded("jan");
  const member = () => membersNow(Date.now()).members.find(({ name }) => name === "jan")!;
  expect(member().secondStep).toBe(true);
  const userId = member().id;
  const plain = invite({ role: "researcher", userId, createdBy: null, days: 1 }, Date.now());
  expect((await join(sent("/api/join", { token: plain, username: "jan", password }), undefined)).status).toBe(200);
  expect([await statusOf(cookie), await (await signIn("jan")).json()]).toEqual([
    401,
    expect.objectContaining({ twoFactorRedirect: true }),
  ]);
  const params = Promise.resolve({ user: userId });
  const made = await lost(asked("POST", `/api/team/${userId}/second-step`, { cookie: owner }), { params });
  const token = ((await made.json()) as { link: string }).link.split("/").at(-1)!;
  const chosen = "a wholly new one";
  expect((await join(sent("/api/join", { token, username: "jan", password: chosen }), undefined)).status).toBe(200);
  expect(member().secondStep).toBe(false);
  expect(await statusOf(cookieOf(await signIn("jan", chosen)))).toBe(200);
});

test("the audit log says who gave a code, and neither codes nor secrets", async () => {
  const { app, backup } = await guarded("kim");
  const half = cookieOf(await signIn("kim"));
  await giveCode(half, wrong(app));
  await giveCode(half, codeOf(app));
  const all = auditLog("", Number.MAX_SAFE_INTEGER, 1000);
  expect(all.slice(0, 3).map(({ name, path, status, detail }) => [name, path, status, detail])).toEqual([
    ["kim", "/api/auth/two-factor/verify-totp", 200, null],
    ["kim", "/api/auth/two-factor/verify-totp", 401, null],
    [null, "/api/auth/sign-in/username", 200, "username kim"],
  ]);
  for (const secret of [codeOf(app), app.secret.base32, backup[0]!]) expect(JSON.stringify(all)).not.toContain(secret);
});
