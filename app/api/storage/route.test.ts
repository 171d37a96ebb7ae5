import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cookies } from "next/headers";
import { expect, test } from "vitest";
import { signed } from "@/lib/people/cookie";
import type { StorageReport } from "@/lib/storage/storage-schema";
import { freshDatabase, seedQueue } from "@/test/database";
import { POST } from "./clean/route";
import { GET } from "./route";

const folder = freshDatabase();
const uploads = ["a.jsonl", "b.jsonl"].map((name) => join("uploads", name));
mkdirSync(join(folder, "uploads"));
for (const path of uploads) {
  writeFileSync(join(folder, path), "x".repeat(100));
  utimesSync(join(folder, path), 0, 0);
}

const headers = { host: "localhost:3000", "content-type": "application/json" };
const listed = async () =>
  (await (await GET(new Request("http://localhost:3000/api/storage", { headers }), undefined)).json()) as StorageReport;
const clean = (paths: string[]) =>
  POST(
    new Request("http://localhost:3000/api/storage/clean", {
      method: "POST",
      headers,
      body: JSON.stringify({ paths }),
    }),
    undefined,
  );

test("what can be deleted is listed with its size, and of it goes what somebody with a name has confirmed", async () => {
  seedQueue(1, 1);
  const { sizes, unneeded } = await listed();
  expect(unneeded.map(({ path, bytes }) => [path, bytes])).toEqual(uploads.map((path) => [path, 100]));
  expect(sizes.leftovers).toBe(200);
  expect((await clean(uploads)).status).toBe(401);
  (await cookies()).set("annotator", signed(1));
  const answer = await clean([uploads[0]!, "app.db", "../x"]);
  expect(await answer.json()).toMatchObject({ deleted: [{ path: uploads[0] }], kept: [] });
  expect(uploads.map((path) => existsSync(join(folder, path)))).toEqual([false, true]);
  expect(existsSync(join(folder, "app.db"))).toBe(true);
});
