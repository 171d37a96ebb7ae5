import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { beginning, canPreview, formatOf } from "./read-file";

const rows = (count: number) => Array.from({ length: count }, (_, i) => `{"prompt": "question ${i}"}\n`).join("");

test.each([
  ["rows.jsonl", "jsonl"],
  ["Rows.JSONL.GZ", "jsonl.gz"],
  ["rows.ndjson", "jsonl"],
  ["table.csv", "csv"],
  ["train-00000.parquet", "parquet"],
])("U6: %s is read as %s", (name, format) => {
  expect(formatOf(name)).toBe(format);
});

test("U8: a small file is looked at whole, of a large one the first part; a packed one is unpacked first", async () => {
  const small = await beginning(new File([rows(3)], "rows.jsonl"));
  expect([small.part, await small.bytes.text()]).toEqual([false, rows(3)]);
  const large = await beginning(new File([rows(20_000)], "rows.jsonl"));
  expect([large.part, rows(20_000).startsWith(await large.bytes.text())]).toEqual([true, true]);
  const packed = await beginning(new File([gzipSync(rows(3))], "rows.jsonl.gz"));
  expect([packed.format, packed.part, await packed.bytes.text()]).toEqual(["jsonl", false, rows(3)]);
  const many = await beginning(new File([gzipSync(rows(50_000))], "rows.jsonl.gz"));
  expect([many.part, many.bytes.size < rows(50_000).length, rows(50_000).startsWith(await many.bytes.text())]).toEqual([
    true,
    true,
    true,
  ]);
});

test("U8: an empty file is not looked at, and a large Parquet file is read on import alone", () => {
  expect(canPreview(new File([], "rows.jsonl"))).toBe(false);
  expect(canPreview(new File([new Uint8Array(2 ** 22 + 1)], "rows.parquet"))).toBe(false);
  expect(canPreview(new File([new Uint8Array(2 ** 22)], "rows.parquet"))).toBe(true);
});
