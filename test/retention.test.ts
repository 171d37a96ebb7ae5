import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { GET as me } from "../app/api/me/route";
import { PATCH } from "../app/api/settings/route";
import { auditLog } from "../lib/access/audit";
import { removeOld } from "../lib/access/retention";
import { appDb } from "../lib/db/client";
import { sessions, users } from "../lib/db/tables/accounts";
import { auditEntries } from "../lib/db/tables/audit";
import { settingsNow } from "../lib/settings/settings-schema";
import { asked, freshTeam, joined, sent } from "./team";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 29, 12);
let owner: string;

beforeAll(async () => {
  freshTeam();
  owner = await joined("olga", "owner");
});

const keepFor = (retentionDays: number | null) =>
  PATCH(new Request(sent("/api/settings", { retentionDays }, { cookie: owner }), { method: "PATCH" }), undefined);
const entryAt = (at: number, path: string) =>
  appDb().insert(auditEntries).values({ at, method: "POST", path, status: 200 }).run();
const paths = () => auditLog("", Number.MAX_SAFE_INTEGER, 100).map(({ path }) => path);

test("entries and sessions older than the days that an owner has set go, with an entry that says how many; without days all stay", async () => {
  const old = await joined("vic", "viewer");
  const { id } = appDb().select().from(users).where(eq(users.username, "vic")).get()!;
  appDb()
    .update(sessions)
    .set({ updatedAt: new Date(now - 32 * dayMs) })
    .where(eq(sessions.userId, id))
    .run();
  entryAt(now - 31 * dayMs, "/old");
  entryAt(now - 31 * dayMs, "/as-old");
  entryAt(now - 30 * dayMs, "/of-the-last-day");
  removeOld(now);
  expect(paths()).toContain("/old");
  expect(settingsNow.parse(await (await keepFor(30)).json()).retentionDays).toBe(30);
  removeOld(now);
  expect(paths()).not.toContain("/old");
  expect(paths()).toContain("/of-the-last-day");
  expect((await me(asked("GET", "/api/me", { cookie: old }), undefined)).status).toBe(401);
  expect((await me(asked("GET", "/api/me", { cookie: owner }), undefined)).status).toBe(200);
  expect(auditLog("", Number.MAX_SAFE_INTEGER, 2).map(({ name, detail }) => [name, detail])).toEqual([
    ["the workbench", "entries 2, sessions 1, from before 2026-10-30"],
    ["olga", "retentionDays 30"],
  ]);
});

test("a session that was used within the days stays: of a use that is less than a day after another the time is not kept", async () => {
  const active = await joined("ada", "viewer");
  const { id } = appDb().select().from(users).where(eq(users.username, "ada")).get()!;
  const noted = new Date(Date.UTC(2026, 10, 27, 12)); // and used until the 28th, 11:30
  appDb().update(sessions).set({ updatedAt: noted }).where(eq(sessions.userId, id)).run();
  await keepFor(1);
  removeOld(Date.UTC(2026, 10, 29));
  expect((await me(asked("GET", "/api/me", { cookie: active }), undefined)).status).toBe(200);
  await keepFor(30);
});

test("where nothing is older nothing is written, and the log is as closed as before", async () => {
  const before = paths();
  removeOld(now);
  expect(paths()).toEqual(before);
  expect(() => appDb().$client.exec("DELETE FROM audit_entries")).toThrow(/appended to, never changed/);
  expect((await keepFor(0)).status).toBe(400);
  expect(settingsNow.parse(await (await keepFor(null)).json()).retentionDays).toBeNull();
});
