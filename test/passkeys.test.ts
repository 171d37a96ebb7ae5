// Passkeys, by their routes, with one made of a key of this test.
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { POST as remove } from "../app/api/auth/passkey/delete-passkey/route";
import { GET as challengeToUse } from "../app/api/auth/passkey/generate-authenticate-options/route";
import { GET as challengeToMake } from "../app/api/auth/passkey/generate-register-options/route";
import { POST as rename } from "../app/api/auth/passkey/update-passkey/route";
import { POST as use } from "../app/api/auth/passkey/verify-authentication/route";
import { POST as make } from "../app/api/auth/passkey/verify-registration/route";
import { GET as me } from "../app/api/me/route";
import { passkeysWork } from "../lib/access/passkeys";
import { appDb } from "../lib/db/client";
import { rateLimits } from "../lib/db/tables/accounts";
import { passkeys } from "../lib/db/tables/passkeys";
import { softwarePasskey } from "./software-passkey";
import { asked, cookieOf, freshTeam, joined, origin, sent } from "./team";

beforeAll(() => void freshTeam());
beforeEach(() => void appDb().delete(rateLimits).run());

const host = new URL(origin).hostname;
const statusOf = async (cookie: string) => (await me(asked("GET", "/api/me", { cookie }), undefined)).status;
type Passkey = ReturnType<typeof softwarePasskey>;
interface Given {
  isVerified?: boolean;
  from?: string;
}

async function add(cookie: string, passkey: Passkey, { isVerified = true, from = origin }: Given = {}) {
  const path = "/api/auth/passkey/generate-register-options?name=ada";
  const begun = await challengeToMake(asked("GET", path, { cookie }), undefined);
  const { challenge } = (await begun.json()) as { challenge: string };
  const response = passkey.make({ challenge, origin: from, isVerified });
  const both = { cookie: `${cookie}; ${cookieOf(begun)}` };
  return make(sent("/api/auth/passkey/verify-registration", { name: "My phone", response }, both), undefined);
}

async function begin() {
  const begun = await challengeToUse(asked("GET", "/api/auth/passkey/generate-authenticate-options"), undefined);
  return { cookie: cookieOf(begun), ...((await begun.json()) as { challenge: string; allowCredentials?: unknown }) };
}

const give = (cookie: string, response: object) =>
  use(sent("/api/auth/passkey/verify-authentication", { response }, { cookie }), undefined);

async function signIn(passkey: Passkey, { isVerified = true, from = origin }: Given = {}) {
  const { cookie, challenge } = await begin();
  return give(cookie, passkey.use({ challenge, origin: from, isVerified }));
}

test("it signs in whoever added it, each time with a new session; what asks for it names nobody", async () => {
  const cookie = await joined("ada", "researcher");
  const passkey = softwarePasskey(host);
  expect((await add(cookie, passkey)).status).toBe(200);
  const [first, second] = [await signIn(passkey), await signIn(passkey)];
  expect([await statusOf(cookieOf(first)), await statusOf(cookieOf(second))]).toEqual([200, 200]);
  expect(cookieOf(first)).not.toBe(cookieOf(second));
  expect((await begin()).allowCredentials).toBeUndefined();
});

test("one that has not asked who uses it is neither kept nor let in by", async () => {
  const cookie = await joined("bea", "annotator");
  expect((await add(cookie, softwarePasskey(host), { isVerified: false })).status).toBe(401);
  const passkey = softwarePasskey(host);
  await add(cookie, passkey);
  const refused = await signIn(passkey, { isVerified: false });
  expect([refused.status, cookieOf(refused)]).toEqual([401, expect.not.stringMatching(/session_token=./)]);
});

test("another site's, an unknown one and a wrong signature are refused; a challenge is of use once, in the browser that asked", async () => {
  const cookie = await joined("cyd", "annotator");
  const passkey = softwarePasskey(host);
  await add(cookie, passkey);
  expect((await add(cookie, softwarePasskey("evil.example"))).ok).toBe(false);
  expect((await signIn(passkey, { from: "https://evil.example" })).ok).toBe(false);
  expect((await signIn(softwarePasskey(host))).status).toBe(401);
  const { challenge, cookie: browser } = await begin();
  const given = passkey.use({ challenge, origin, isVerified: true });
  expect((await give((await begin()).cookie, given)).ok).toBe(false);
  expect((await give(browser, given)).status).toBe(200);
  expect((await give(browser, given)).ok).toBe(false);
  const forged = await begin();
  const other = softwarePasskey(host).use({ challenge: forged.challenge, origin, isVerified: true });
  expect((await give(forged.cookie, { ...other, id: given.id, rawId: given.rawId })).ok).toBe(false);
});

test("it is named and removed by its owner alone, and then lets nobody in", async () => {
  const [cookie, other] = [await joined("dan", "annotator"), await joined("eve", "owner")];
  const passkey = softwarePasskey(host);
  const { id } = (await (await add(cookie, passkey)).json()) as { id: string };
  const nameOf = () =>
    appDb()
      .select()
      .from(passkeys)
      .all()
      .find((one) => one.id === id)?.name;
  const naming = (by: string) =>
    rename(sent("/api/auth/passkey/update-passkey", { id, name: "Key" }, { cookie: by }), undefined);
  const removing = (by: string) => remove(sent("/api/auth/passkey/delete-passkey", { id }, { cookie: by }), undefined);
  expect([(await naming(other)).status, (await removing(other)).status, nameOf()]).toEqual([401, 401, "My phone"]);
  expect([(await naming(cookie)).status, nameOf()]).toEqual([200, "Key"]);
  expect([(await removing(cookie)).status, nameOf()]).toEqual([200, undefined]);
  expect((await signIn(passkey)).status).toBe(401);
});

test("they work where the workbench has a name", () => {
  const work = [
    "https://team.test",
    "http://localhost:3000",
    "https://10.0.0.5",
    "http://127.0.0.1:3000",
    "https://[::1]",
  ];
  expect(
    work.map((url) => {
      vi.stubEnv("WORKBENCH_URL", url);
      return passkeysWork();
    }),
  ).toEqual([true, true, false, false, false]);
  vi.stubEnv("WORKBENCH_URL", origin);
});
