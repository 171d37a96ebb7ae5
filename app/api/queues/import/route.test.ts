import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, expect, test } from "vitest";
import type { ImportReport } from "@/lib/annotation/queues/queue-schema";
import type { ImportPreview } from "@/lib/datasets/imports/import-schema";
import { freshDatabase } from "@/test/database";
import { POST as preview } from "./preview/route";
import { POST as importFile } from "./route";

beforeAll(() => {
  freshDatabase();
});

async function post<T>(route: typeof preview | typeof importFile, path: string, body: Uint8Array | string) {
  const request = new Request(`http://localhost:3000/api/queues/${path}`, {
    method: "POST",
    body: Buffer.from(body),
    headers: { host: "localhost:3000" },
  });
  const answer = await route(request, {});
  return { status: answer.status, body: (await answer.json()) as T & { error?: string } };
}
const jsonLines = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `${JSON.stringify({ prompt: `p${i}`, chosen: `yes ${Math.sin(i)}`, rejected: "no" })}\n`,
  ).join("");
const csv = "prompt,chosen,rejected\np0,yes,no\np1,yes,no,more\np2,yes,no\n";

test("F7, C11: over HTTP a bad record is named by its line and reason, and the others come in", async () => {
  const { status, body } = await post<ImportReport>(importFile, "import?name=csv&format=csv", csv);
  expect([status, body.added]).toEqual([200, 2]);
  expect(body.bad).toEqual([{ line: 3, reason: expect.stringContaining("has 4 cells") }]);
  const packed = gzipSync(jsonLines(3000));
  const cut = await post<ImportReport>(importFile, "import?name=gz&format=jsonl.gz", packed.subarray(0, -40));
  expect(cut.status).toBe(200);
  expect(cut.body.added).toBeGreaterThan(2900);
  expect(cut.body.bad).toEqual([{ line: cut.body.added + 1, reason: expect.stringContaining("breaks off here") }]);
});

test.each(["csv", "jsonl", "jsonl.gz", "json", "parquet"])(
  "F7: a .%s file of which nothing can be read is a 400 with a sentence",
  async (format) => {
    const noise = Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) % 256));
    for (const bytes of [noise, Buffer.alloc(500), gzipSync("x").subarray(0, 12)]) {
      const { status, body } = await post(importFile, `import?name=nothing&format=${format}`, bytes);
      expect([status, body.error]).toEqual([
        400,
        expect.stringMatching(/^(No line could be imported\. Line \d+: .+|The file is empty.*)$/),
      ]);
    }
  },
);

test("F7: a .jsonl.gz that is longer than the sample is previewed, and a good one has no bad line", async () => {
  const packed = gzipSync(jsonLines(30_000));
  const { status, body } = await post<ImportPreview>(
    preview,
    "import/preview?format=jsonl.gz",
    packed.subarray(0, 2 ** 16),
  );
  expect([status, body.bad]).toEqual([200, []]);
  expect(body.good).toBeGreaterThan(500);
});

test("C11, C12: what is cut at the end of a sample is left out of the preview, in every format", async () => {
  const rows = [0, 1, 2].map((i) => ({ prompt: `p${i}`, chosen: "yes", rejected: "no" }));
  for (const [format, text] of [
    ["jsonl", jsonLines(3).slice(0, -20)],
    ["json", JSON.stringify(rows, null, 2).slice(0, -20)],
    ["csv", 'prompt,chosen,rejected\np0,yes,no\np1,yes,no\n"p2\n,yes'],
  ] as const) {
    const { body } = await post<ImportPreview>(preview, `import/preview?format=${format}&part=first`, text);
    expect([format, body.good, body.bad]).toEqual([format, 2, []]);
  }
});

test("C10, C12: the preview tells layouts, and columns that nothing reads with their count and first line", async () => {
  const rows = [
    { instruction: "Hi", input: "", chosen: "yes", rejected: "no", origin: "x" },
    {
      conversations: [{ from: "human", value: "Hi" }],
      chosen: { from: "gpt", value: "yes" },
      rejected: { from: "gpt", value: "no" },
    },
  ];
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const { body } = await post<ImportPreview>(preview, "import/preview?format=jsonl", text);
  expect(body).toMatchObject({
    good: 2,
    layouts: ["Alpaca", "ShareGPT with a pair"],
    notes: ["columns that nothing reads: origin (1 row, first at line 1)"],
  });
});

test("F7: a Parquet file with a damaged row group gives the rows of the others", async () => {
  const names = ["prompt", "chosen", "rejected"];
  const columnData = names.map((name) => ({
    name,
    data: Array.from({ length: 200 }, (_, i) => `${name} ${i * 7919}`),
    type: "STRING" as const,
  }));
  const bytes = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 100 }));
  bytes.fill(0xff, 20, 400);
  const { status, body } = await post<ImportReport>(importFile, "import?name=parquet&format=parquet", bytes);
  expect([status, body.added]).toEqual([200, 100]);
  expect(body.bad).toEqual([{ line: 1, reason: expect.stringContaining("row group 1 of 2") }]);
});
