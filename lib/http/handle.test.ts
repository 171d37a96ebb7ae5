import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../../spec/errors";
import { freshDatabase } from "../../test/database";
import { retryOnBusyAsync } from "../db/busy";
import { appDb } from "../db/client";
import { handle } from "./handle";
import type { Asked } from "./operation";

beforeAll(() => void freshDatabase()); // before anything opens that of whoever runs this

const call = <Body = unknown>(
  work: (asked: Asked<unknown, Body>) => unknown,
  init: RequestInit & { headers?: Record<string, string> } = {},
  body: z.ZodType<Body> | null = null,
) =>
  handle(
    "read",
    { answer: z.unknown(), ...(body && { body }) },
    work,
  )(
    new Request("http://localhost:3000/api/x", { ...init, headers: { host: "localhost:3000", ...init.headers } }),
    undefined,
  );
const ok = () => ({ ok: true });

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
    call(({ body }) => body, { method: "POST", body: text, headers: { "content-type": "application/json" } }, schema);
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

/** A body that says how much of it was read: `total` bytes of spaces around `json`. */
function counted(json: string, total: number) {
  let read = 0;
  const part = new TextEncoder().encode(" ".repeat(2 ** 16));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = read === 0 ? new TextEncoder().encode(json) : part;
      read += next.length;
      controller.enqueue(next);
      if (read >= total) controller.close();
    },
  });
  return { stream, read: () => read };
}
const json = { "content-type": "application/json" };
const streamed = (stream: ReadableStream) => ({ method: "POST", body: stream, duplex: "half" as const, headers: json });

test("F6: a body of 500 MB is refused before more than the limit of it is read, whatever length it declares", async () => {
  const sent = counted("{}", 500e6);
  const answer = await call(ok, streamed(sent.stream), z.object({}));
  expect([answer.status, await answer.json()]).toEqual([413, { error: expect.stringMatching(/at most 1 MB/) }]);
  expect(sent.read()).toBeLessThan(2 ** 20 + 2 ** 18);
  const declared = counted("{}", 500e6);
  const headers = { ...json, "content-length": "500000000" };
  const refused = await call(ok, { ...streamed(declared.stream), headers }, z.object({}));
  expect(refused.status).toBe(413);
  expect(declared.read()).toBeLessThan(2 ** 18);
});

test.each([
  ["[", "]"],
  ['{"a":', "1}"],
])(
  "F6: JSON nested a hundred thousand levels deep (%s) is refused in words; brackets within texts are no levels",
  async (open, close) => {
    const parse = (text: string) => call(ok, { method: "POST", body: text, headers: json }, z.unknown());
    const deep = await parse(open.repeat(100_000) + close.repeat(100_000));
    expect([deep.status, await deep.json()]).toEqual([400, { error: expect.stringMatching(/nested .* levels/) }]);
    expect((await parse(JSON.stringify({ text: `${open.repeat(1000)}"\\` }))).status).toBe(200);
  },
);

test("F6: a busy database has the transaction tried again, while the body is read once", async () => {
  let tries = 0;
  const sent = counted('{"name": "Ada"}', 10);
  const busy = () => Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });
  const answer = await call(
    async ({ request, body: { name } }) => {
      const again = await retryOnBusyAsync(() => {
        if (tries++ < 2) throw busy();
        return tries;
      });
      return { name, again, used: request.bodyUsed };
    },
    streamed(sent.stream),
    z.object({ name: z.string() }),
  );
  expect([answer.status, await answer.json()]).toEqual([200, { name: "Ada", again: 3, used: true }]);
  let runs = 0;
  const still = await call(() => {
    runs++;
    throw busy();
  });
  expect([still.status, runs]).toEqual([503, 1]);
});

test("F4: a full disk is said as what it is, and the same request is taken once there is room", async () => {
  const { $client: sqlite } = appDb();
  const save = () => {
    sqlite.exec(`INSERT OR REPLACE INTO settings VALUES ('note', '${"x".repeat(100_000)}')`);
    return ok();
  };
  const most = sqlite.pragma("max_page_count", { simple: true }) as number;
  sqlite.pragma(`max_page_count = ${sqlite.pragma("page_count", { simple: true })}`); // SQLite meets the end of its room
  const refused = await call(save);
  expect([refused.status, await refused.json()]).toEqual([507, { error: expect.stringContaining("The disk is full") }]);
  sqlite.pragma(`max_page_count = ${most}`);
  expect((await call(save)).status).toBe(200);
});
