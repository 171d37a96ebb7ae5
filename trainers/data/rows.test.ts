import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { preferenceRow, readRows } from "./rows";

const lines = [
  '{"prompt": "2+2", "chosen": "4", "rejected": "5"}',
  "{not json",
  '{"prompt": "2+2", "chosen": "4", "rejected": ""}',
  "",
  '{"prompt": "2+2", "chosen": "4", "rejected": "4"}',
  '{"prompt": [{"role": "user", "content": "hi"}], "chosen": [{"role": "assistant", "content": "a"}], "rejected": "b"}',
  '{"prompt": [{"role": "user", "content": "hi"}], "chosen": [{"role": "assistant", "content": "a"}], "rejected": [{"role": "assistant", "content": "b"}]}',
];

test.each([
  ["rows.jsonl", (text: string) => Buffer.from(text)],
  ["windows.jsonl", (text: string) => Buffer.from(`\uFEFF${text.replaceAll("\n", "\r\n")}`)],
  ["rows.jsonl.gz", (text: string) => gzipSync(text)],
])("%s: bad lines by number and reason, the rest read", async (name, encode) => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), name);
  writeFileSync(path, encode(lines.join("\n")));
  const { good, bad } = await readRows(path, preferenceRow);
  expect(good).toHaveLength(2);
  expect(bad.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
  expect(bad.map(({ reason }) => reason)).toEqual([
    expect.stringContaining("not JSON"),
    expect.stringContaining("rejected"),
    "rejected is the same as chosen",
    expect.stringContaining("must all be text or all be messages"),
  ]);
});
