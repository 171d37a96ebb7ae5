// Arrow files and streams, and files packed with Zstandard: read whatever they are called, and damage is named after the rows before it.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tableFromJSON, tableToIPC } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { createRandom } from "../random";
import { records } from "./records";

const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
let files = 0;
async function read(ending: string, content: string | Uint8Array) {
  const path = join(folder, `${files++}.${ending}`);
  writeFileSync(path, content);
  const [values, bad] = [[] as unknown[], [] as { line: number; reason: string }[]];
  for await (const record of records(path)) {
    if ("reason" in record) bad.push(record);
    else values.push(record.value);
  }
  return { values, bad };
}
const rows = Array.from({ length: 1200 }, (_, i) => ({
  prompt: [{ role: "user", content: `p${i}` }],
  chosen: `yes ${i * 7919}`,
  count: i,
  label: i % 2 === 0,
}));

/** The same without lists, which the library cannot write by itself; pyarrow's files below have them. */
const flat = rows.map(({ prompt: [turn], ...rest }) => ({ prompt: turn!.content, ...rest, turn: turn! }));

/** What pandas, pyarrow and `datasets` of Python write (data/layouts/make-binary.py). */
const golden = (name: string) => readFileSync(join("data", "layouts", "binary", name));

test.each(["file", "stream"] as const)("C12: an Arrow %s is read, whatever it is called", async (kind) => {
  const bytes = tableToIPC(tableFromJSON(flat), kind);
  expect(await read("arrow", bytes)).toEqual({ values: flat, bad: [] });
  expect((await read("jsonl", bytes)).values).toHaveLength(rows.length);
});

test.each(["lz4.feather", "zstd.feather", "plain.feather", "stream.arrow"])(
  "C12: %s, written by pyarrow, is read with its nulls left out",
  async (name) => {
    expect(await read(name, golden(name))).toEqual({
      values: [
        { prompt: [{ role: "user", content: "Grüße" }], chosen: "ja ".repeat(200), rejected: "nein", n: 1 },
        { prompt: [{ role: "user", content: "2 + 2?" }], chosen: "4", rejected: "5" },
      ],
      bad: [],
    });
  },
);

test("F7: an Arrow file or stream that is cut has the rows before the cut, and the break is named by its row", async () => {
  const file = golden("plain.feather");
  const cut = await read("feather", file.subarray(0, file.length - 30));
  expect(cut.values).toHaveLength(2);
  expect(cut.bad).toEqual([{ line: 3, reason: expect.stringContaining("its end is missing") }]);
  const early = await read("feather", file.subarray(0, 500));
  expect(early.values).toEqual([]);
  expect(early.bad).toEqual([{ line: 1, reason: expect.stringContaining("the Arrow file breaks off here") }]);
  const stream = tableToIPC(tableFromJSON(flat), "stream");
  const { values, bad } = await read("arrow", stream.subarray(0, stream.length - 2000));
  expect([values, bad]).toEqual([[], [{ line: 1, reason: expect.stringContaining("breaks off here") }]]);
});

test.each([false, true])(
  "F6: a large row group is read in parts, with an offset index (%s) or without",
  async (offsetIndex) => {
    const texts = Array.from({ length: 3000 }, (_, i) => `${"harbour ".repeat(2000)}${i}`);
    const columnData = [{ name: "text", data: texts, type: "STRING" as const, offsetIndex }];
    const { values, bad } = await read(
      "parquet",
      new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 3000 })),
    );
    expect([values.length, bad]).toEqual([3000, []]);
    expect(values.findIndex((row, i) => (row as { text: string }).text !== texts[i])).toBe(-1);
  },
);

test("F7: an Arrow file with any bytes changed is read to its end or named", async () => {
  const whole = Buffer.from(tableToIPC(tableFromJSON(flat.slice(0, 50)), "file"));
  const random = createRandom(3, "arrow");
  for (let round = 0; round < 12; round++) {
    const bytes = Buffer.from(whole);
    for (let i = 0; i < 6; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const { bad } = await read("arrow", bytes);
    for (const { line, reason } of bad) expect([line > 0, reason.length > 5]).toEqual([true, true]);
  }
});

test.each(["rows.jsonl.zst", "rows-two-frames.jsonl.zst", "rows-long.jsonl.zst"])(
  "C12: %s, packed by zstd, is unpacked as it is read",
  async (name) => {
    const { values, bad } = await read("jsonl.zst", golden(name));
    expect(bad).toEqual([]);
    expect(values).toHaveLength(name.includes("two") ? 2400 : 1200);
    expect(values[1199]).toEqual(rows[1199]);
  },
);

test("F7: of a .zst file that is cut the whole rows come in, and the break is named by its line", async () => {
  const packed = golden("rows.jsonl.zst");
  const { values, bad } = await read("jsonl.zst", packed.subarray(0, packed.length - 9));
  expect(values).toEqual(rows.slice(0, values.length));
  expect(bad).toEqual([{ line: values.length + 1, reason: expect.stringContaining("Zstandard file breaks off here") }]);
});

test("F6: a Zstandard bomb and a frame that asks for a gigabyte are given up with a sentence", async () => {
  const bomb = await read("jsonl.zst", golden("bomb.jsonl.zst"));
  expect(bomb.bad.at(-1)!.reason).toMatch(/unpacks to more than \d+ times its size/);
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, ...Array<number>(40).fill(0)]); // window of 2 ** 30
  const { bad } = await read("jsonl.zst", Buffer.concat([golden("rows.jsonl.zst"), frame]));
  expect(bad.at(-1)!.reason).toContain("asks for a window of 1024 MB");
});

test("C12: Parquet and Arrow that are packed as a whole, and CSV in Zstandard, are read", async () => {
  const bytes = tableToIPC(tableFromJSON(flat), "stream");
  expect((await read("arrow.gz", gzipSync(bytes))).values).toEqual(flat);
  const columnData = [{ name: "text", data: ["a", "b"], type: "STRING" as const }];
  const parquet = new Uint8Array(parquetWriteBuffer({ columnData }));
  expect((await read("parquet.gz", gzipSync(parquet))).values).toEqual([{ text: "a" }, { text: "b" }]);
  expect((await read("csv.zst", golden("table.csv.zst"))).values).toEqual([{ prompt: "p0", chosen: "yes, indeed" }]);
});
