import { beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Permission } from "../../spec/roles";
import { asked, freshTeam, joined, origin } from "../../test/team";
import { appDb } from "../db/client";
import { handle } from "../http/handle";
import { auditLog } from "./audit";

beforeAll(() => void freshTeam());

const done = (permission: Permission, method: string, path: string, cookie: string, value?: object, status = 200) => {
  const headers = { cookie, "content-type": "application/json", "x-forwarded-for": "203.0.113.9" };
  const request = new Request(asked(method, path, headers), value ? { body: JSON.stringify(value) } : {});
  return handle(permission, { answer: z.unknown() }, async ({ request: got }) =>
    Response.json(value ? z.unknown().parse(await got.json()) : null, { status }),
  )(request, undefined);
};
const newest = (count: number) =>
  auditLog("", Number.MAX_SAFE_INTEGER, count).map(({ name, method, path, detail, status, address }) => [
    ...[name, method, path, detail, status, address],
  ]);

test("changes, exports and refusals are noted with who, from where and how they ended; votes and what is only read are not", async () => {
  const [owner, viewer] = [await joined("olga", "owner"), await joined("vic", "viewer")];
  await done("write", "DELETE", "/api/labelled/7", owner);
  await done("write", "DELETE", "/api/labelled/7", viewer);
  await done("review", "POST", "/api/queues/1/disputes", owner, { itemId: 3 }, 409);
  await done("read", "GET", "/api/queues/1/export", viewer);
  await done("read", "GET", "/api/runs", viewer);
  await done("annotate", "POST", "/api/judgements", owner, { itemId: 3 });
  expect(newest(4)).toEqual([
    ["vic", "GET", "/api/queues/1/export", null, 200, "203.0.113.9"],
    ["olga", "POST", "/api/queues/1/disputes", null, 409, "203.0.113.9"],
    ["vic", "DELETE", "/api/labelled/7", null, 403, "203.0.113.9"],
    ["olga", "DELETE", "/api/labelled/7", null, 200, "203.0.113.9"],
  ]);
});

test("of sign-ins, invitations and roles it says whose and which, and never a password or a link; the route still gets what was sent", async () => {
  const owner = await joined("petra", "owner");
  const secret = { username: "petra", password: "hunter2 hunter2" };
  const answer = await done("public", "POST", "/api/auth/sign-in/username", "", secret, 401);
  expect(await answer.json()).toEqual(secret);
  await done("administer", "POST", "/api/team", owner, { role: "viewer", note: "Zoe", days: 3 });
  await done("administer", "PATCH", "/api/team/abc", owner, { role: "owner", deactivated: false });
  await done("public", "POST", "/api/join", "", { token: "t0ken", username: "zoe", password: "hunter2 hunter2" });
  expect(newest(4).map(([, , path, detail]) => [path, detail])).toEqual([
    ["/api/join", "username zoe"],
    ["/api/team/abc", "role owner, deactivated false"],
    ["/api/team", "role viewer, note Zoe"],
    ["/api/auth/sign-in/username", "username petra"],
  ]);
  const everything = JSON.stringify(auditLog("", Number.MAX_SAFE_INTEGER, 1000));
  for (const word of ["hunter2", "t0ken"]) expect(everything).not.toContain(word);
});

test("of assigned work it says whose, how much and until when", async () => {
  const owner = await joined("gina", "owner");
  const work = { annotatorId: 4, amount: { percent: 50 }, due: "2026-12-03" };
  await done("review", "POST", "/api/queues/1/work", owner, work);
  await done("review", "DELETE", "/api/queues/1/work/4", owner);
  expect(newest(2).map(([name, method, path, detail]) => [name, method, path, detail])).toEqual([
    ["gina", "DELETE", "/api/queues/1/work/4", null],
    ["gina", "POST", "/api/queues/1/work", 'annotatorId 4, amount {"percent":50}, due 2026-12-03'],
  ]);
});

test("it is searched by any of its words, as they are: percent signs and underscores too", async () => {
  const owner = await joined("q_percent", "owner");
  await done("write", "POST", "/api/runs/a%25b", owner);
  const paths = (words: string) => auditLog(words, Number.MAX_SAFE_INTEGER, 1000).map(({ path }) => path);
  expect(paths("Q_PERCENT")).toEqual(["/api/runs/a%25b"]);
  expect(paths("a%25b")).toEqual(["/api/runs/a%25b"]);
  expect(paths("a_25b")).toEqual([]);
});

test("nothing of it can be changed or deleted, and nothing is noted on one's own machine", async () => {
  const sqlite = appDb().$client;
  for (const sql of [
    "UPDATE audit_entries SET name = 'x'",
    "DELETE FROM audit_entries",
    "DELETE FROM audit_entries WHERE seq = 1",
  ])
    expect(() => sqlite.exec(sql)).toThrow(/appended to, never changed/);
  const before = newest(1000).length;
  vi.stubEnv("WORKBENCH_URL", "");
  const headers = { host: "localhost", origin: "http://localhost" };
  const ended = await handle(
    "write",
    { answer: z.null() },
    () => null,
  )(asked("DELETE", "/api/runs", headers), undefined);
  vi.stubEnv("WORKBENCH_URL", origin);
  expect([ended.status, newest(1000).length]).toEqual([200, before]);
});
