import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "./errors";
import { body, handle } from "./http";

const call = (work: Parameters<typeof handle>[0], init: RequestInit & { headers?: Record<string, string> } = {}) =>
  handle(work)(
    new Request("http://localhost:3000/api/x", { ...init, headers: { host: "localhost:3000", ...init.headers } }),
    undefined,
  );
const ok = () => Response.json({ ok: true });

test.each([
  ["a foreign host (DNS rebinding)", { headers: { host: "evil.example" } }],
  ["a page of another site", { method: "POST", headers: { "sec-fetch-site": "cross-site" } }],
  ["a foreign origin", { method: "POST", headers: { origin: "http://evil.example" } }],
  ["an opaque origin", { method: "POST", headers: { origin: "null" } }],
])("refuses %s", async (_, init) => expect((await call(ok, init)).status).toBe(400));

test.each([
  {},
  { method: "POST", headers: { "sec-fetch-site": "same-origin" } },
  { method: "POST", headers: { origin: "http://localhost:3000" } },
])("admits %j", async (init) => expect((await call(ok, init)).status).toBe(200));

test("errors become answers: fields by path, AppError by its status, the rest 500 without its words", async () => {
  const schema = z.strictObject({ name: z.string() });
  const post = (text: string) =>
    call(async (request) => Response.json(await body(request, schema)), {
      method: "POST",
      body: text,
      headers: { "content-type": "application/json" },
    });
  const wrong = await post('{"name": 3}');
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    expect.objectContaining({ problems: [expect.objectContaining({ path: "name" })] }),
  ]);
  expect((await post("{")).status).toBe(400);
  const gone = await call(() => {
    throw new AppError(404, "gone");
  });
  expect([gone.status, await gone.json()]).toEqual([404, { error: "gone" }]);
});

test("a handler that finds the database busy runs again, with its body", async () => {
  let tries = 0;
  const answer = await call(
    async (request) => {
      const { name } = await body(request, z.object({ name: z.string() }));
      if (tries++ < 2) throw Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
      return Response.json({ name, tries });
    },
    { method: "POST", body: '{"name": "Ada"}', headers: { "content-type": "application/json" } },
  );
  expect([answer.status, await answer.json()]).toEqual([200, { name: "Ada", tries: 3 }]);
});
