// Tokens for scripts, where the workbench serves a team.
import { beforeAll, expect, test } from "vitest";
import { changeMember } from "../lib/access/members";
import { knownToken, makeToken } from "../lib/access/tokens";
import { appDb } from "../lib/db/client";
import { tokens, users } from "../lib/db/tables/accounts";
import { may, type Permission, roles, scopes } from "../spec/roles";
import { routesAsked } from "../tools/access";
import { asked, freshTeam, handlersOf, joined } from "./team";

beforeAll(async () => {
  freshTeam();
  for (const role of roles) await joined(`the_${role}`, role);
});

const idOf = (name: string) =>
  appDb()
    .select()
    .from(users)
    .all()
    .find((user) => user.name === name)!.id;
const tokenOf = (name: string, allowed: Permission[], days = 1, now = Date.now()) =>
  makeToken(idOf(name), { name: "a script", scopes: allowed, days }, now);

const called = async (method: string, address: string, headers: Record<string, string>, value?: object) => {
  const handlers = await handlersOf(address);
  const request = asked(method, address.replace(/\[[^\]]+\]/g, "1"), {
    "content-type": "application/json",
    ...headers,
  });
  const params = Promise.resolve({ id: "1" });
  return handlers[method]!(value ? new Request(request, { body: JSON.stringify(value) }) : request, { params });
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("a token does what its role and its scopes both permit, on every route", async () => {
  for (const role of roles)
    for (const scope of scopes.filter((one) => may(role, one))) {
      const headers = bearer(tokenOf(`the_${role}`, [scope]));
      const others = routesAsked().filter(({ permission }) => !may(role, permission, [scope]));
      expect(others.length).toBeGreaterThan(0);
      for (const { method, address } of others.filter((_, i) => i % 5 === 0))
        expect([role, scope, method, address, (await called(method, address, headers)).status]).toEqual([
          role,
          scope,
          method,
          address,
          403,
        ]);
    }
  const reads = bearer(tokenOf("the_viewer", ["read"]));
  expect((await called("GET", "/api/queues", reads)).status).toBe(200);
  expect((await called("GET", "/api/me", reads)).status).toBe(200);
});

test("more than one's role has is not gained by scopes, and what the role loses the token loses", async () => {
  const token = bearer(tokenOf("the_annotator", ["annotate", "read", "administer"]));
  expect((await called("GET", "/api/queues", token)).status).toBe(403);
  expect((await called("GET", "/api/team", token)).status).toBe(403);
  const owned = bearer(tokenOf("the_reviewer", ["read"]));
  expect((await called("GET", "/api/queues", owned)).status).toBe(200);
  changeMember(idOf("the_reviewer"), { role: "annotator" }, Date.now());
  expect((await called("GET", "/api/queues", owned)).status).toBe(403);
  changeMember(idOf("the_reviewer"), { deactivated: true }, Date.now());
  expect((await called("GET", "/api/queues", owned)).status).toBe(401);
});

test("what is no token, has expired or was ended opens nothing, nor does its hash; a cookie beside it does not help", async () => {
  const day = 24 * 3600 * 1000;
  const expired = tokenOf("the_owner", ["read"], 1, Date.now() - 2 * day);
  const cookie = await joined("with_cookie", "owner");
  for (const token of ["x", "wb_", expired, appDb().select().from(tokens).all().at(-1)!.hash])
    expect((await called("GET", "/api/queues", { ...bearer(token), cookie })).status, token).toBe(401);
  expect((await called("GET", "/api/queues", { cookie })).status).toBe(200);
});

test("a browser makes and ends one's own tokens; a token makes none, and nobody ends another's", async () => {
  const cookie = await joined("maker", "researcher");
  const made = await called("POST", "/api/tokens", { cookie }, { name: "import", scopes: ["read", "write"] });
  expect(made.status).toBe(201);
  const { token, tokens: own } = (await made.json()) as { token: string; tokens: { id: number }[] };
  expect(token).toMatch(/^wb_[\w-]{43}$/);
  expect(knownToken(token, Date.now())).toMatchObject({ name: "import", scopes: ["read", "write"] });
  const more = await called("POST", "/api/tokens", bearer(token), { name: "more", scopes: ["read"] });
  expect([more.status, await more.json()]).toEqual([403, { error: expect.stringContaining("cannot make tokens") }]);
  const { DELETE } = await handlersOf("/api/tokens/[id]");
  const end = (headers: Record<string, string>) =>
    DELETE!(asked("DELETE", `/api/tokens/${own[0]!.id}`, headers), {
      params: Promise.resolve({ id: `${own[0]!.id}` }),
    });
  expect((await end({ cookie: await joined("other", "owner") })).status).toBe(404);
  expect((await end({ cookie })).status).toBe(200);
  expect((await called("GET", "/api/queues", bearer(token))).status).toBe(401);
});
