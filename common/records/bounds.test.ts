// What one file may cost: memory, time, and other people's turn.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { turnsDuring } from "../../test/turns";
import { boundedCompressors } from "./bounded-compressors.mjs";
import { records } from "./records";

const fileOf = (name: string, content: string | Buffer) => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), name);
  writeFileSync(path, content);
  return path;
};
async function all(path: string) {
  const found = [];
  for await (const record of records(path)) found.push(record);
  return found;
}

test.each(["rows.jsonl.gz", "rows.csv.gz", "rows.json.gz"])(
  "F6: %s, which unpacks to a thousand times its size, is given up with a sentence, and rows before that are read",
  async (name) => {
    const rows = name === "rows.json.gz" ? '[{"a":1},\n' : name === "rows.csv.gz" ? "a\n1\n" : '{"a":1}\n';
    const bomb = Buffer.concat([gzipSync(rows), gzipSync(Buffer.alloc(150 * 2 ** 20))]);
    const [row, ...bad] = await all(fileOf(name, bomb));
    expect(row).toMatchObject({ value: { a: name === "rows.csv.gz" ? "1" : 1 } });
    expect(bad.at(-1)).toMatchObject({ reason: expect.stringMatching(/unpacks to more than \d+ times its size/) });
  },
);

test("F6: well packed rows are no bomb", async () => {
  const line = `${JSON.stringify({ prompt: "a".repeat(1000) })}\n`;
  const found = await all(fileOf("rows.jsonl.gz", gzipSync(line.repeat(20_000)))); // 20 MB, packed 1 to 300
  expect(found).toHaveLength(20_000);
  expect(found.every((record) => "value" in record)).toBe(true);
});

test.each(["rows.jsonl", "rows.csv", "rows.json"])(
  "F6: while thousands of rows of %s are read, good or bad, other requests have their turn after every 20 ms of work",
  async (name) => {
    const count = 3000;
    const lines = Array.from({ length: count }, (_, i) => (i % 2 ? `{"a":${i}}` : "x,"));
    const text =
      name === "rows.json" ? `[${lines.map((line) => line.replace("x,", '{"b":"x"}')).join(",\n")}]` : lines.join("\n");
    const others = await turnsDuring(async () => {
      expect((await all(fileOf(name, text))).length).toBeGreaterThan(count / 2);
    });
    expect(others).toBeGreaterThan(count / 2);
  },
);

test("F6: a row that is nested a hundred thousand levels deep is named by its line, and the next one is read", async () => {
  const deep = `{"prompt":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  expect(await all(fileOf("rows.jsonl", `${deep}\n{"a":"[[[["}\n`))).toEqual([
    { line: 1, reason: expect.stringMatching(/nested more than 100 levels/) },
    expect.objectContaining({ line: 2, value: { a: "[[[[" } }),
  ]);
});

test("F6: a Parquet page that claims to unpack to gigabytes is refused before anything is unpacked", () => {
  for (const [name, unpack] of Object.entries(boundedCompressors))
    expect(() => unpack(new Uint8Array(10), 2 ** 31), name).toThrow("claims");
});
