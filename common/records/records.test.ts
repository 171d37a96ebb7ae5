// Whatever stands in a file of rows, it is read to its end: what is no row is named by its line, and the others are in.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { createRandom } from "../random";
import { pairsRow, readRows } from "../rows/rows";

const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
let files = 0;
function fileOf(ending: string, content: string | Uint8Array): string {
  const path = join(folder, `${files++}.${ending}`);
  writeFileSync(path, content);
  return path;
}
/** The prompts that were read, and what was left out. */
async function read(ending: string, content: string | Uint8Array) {
  const { good, bad } = await readRows(fileOf(ending, content), pairsRow);
  return { prompts: good.map(({ prompt }) => prompt), bad, lines: bad.map(({ line }) => line) };
}
const pair = (prompt: string) => ({ prompt, chosen: "yes", rejected: "no" });
const pairs = (count: number) => Array.from({ length: count }, (_, i) => pair(`p${i}`));
const jsonLines = (rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const head = "prompt,chosen,rejected\n";

test.each([
  ["a fourth cell", "p1,yes,no,more", "has 4 cells, and the header names 3"],
  ["two cells", "p1,yes", "has 2 cells, and the header names 3"],
  ["a quote that never closes", '"p1,yes,no', "opens a quote that never closes"],
  ["text after a closing quote", '"p1"x,yes,no', "something after its closing quote"],
])("F7, C11: a CSV row with %s is named by its line, and the rows around it come in", async (_, row, reason) => {
  const { prompts, bad } = await read("csv", `${head}p0,yes,no\n${row}\n"p2","yes, ""indeed""",no\np3,yes,no\n`);
  expect(prompts).toEqual(["p0", "p2", "p3"]);
  expect(bad).toEqual([{ line: 3, reason: expect.stringContaining(reason) }]);
});

test("F7: a line of a CSV file is counted as an editor counts it, also after cells of several lines", async () => {
  const { prompts, lines } = await read("csv", `${head}"p0\nand more",yes,no\n\np1,yes\n"p2",yes,no\n`);
  expect(prompts).toEqual(["p0\nand more", "p2"]);
  expect(lines).toEqual([5]);
});

test.each([
  ["semicolons", "\uFEFFprompt;chosen;rejected\r\np0;yes, really;no\r\n"],
  ["tabs", "prompt\tchosen\trejected\np0\tyes, really\tno\n"],
  ["carriage returns alone at the ends of lines", 'prompt,chosen,rejected\rp0,"yes, really",no\r'],
])("C16: a CSV file with %s is read", async (_, content) => {
  expect(await readRows(fileOf("csv", content), pairsRow)).toMatchObject({
    good: [{ pairs: [{ chosen: "yes, really", rejected: "no" }] }],
    bad: [],
  });
});

test("F7: a CSV header that names a column twice is refused by that name", async () => {
  const { prompts, bad } = await read("csv", "prompt,chosen,chosen,rejected\np0,yes,yes,no\n");
  expect(prompts).toEqual([]);
  expect(bad).toEqual([{ line: 1, reason: expect.stringContaining("names the column chosen twice") }]);
});

test("F7, C11: of a .gz file that is cut all whole rows come in, and the break is named by its line", async () => {
  const rows = pairs(3000);
  const whole = gzipSync(jsonLines(rows));
  const { prompts, bad } = await read("jsonl.gz", whole.subarray(0, whole.length - 9));
  expect(prompts.length).toBeGreaterThan(2900);
  expect(prompts).toEqual(rows.slice(0, prompts.length).map(({ prompt }) => prompt));
  expect(bad).toEqual([{ line: prompts.length + 1, reason: expect.stringContaining("breaks off here") }]);
});

test("F7: of a .gz file with damage in its midst the rows before it come in, and the break is named", async () => {
  const noise = createRandom(1, "noise");
  const rows = pairs(4000).map((row) => ({ ...row, chosen: String(noise()) }));
  const packed = gzipSync(jsonLines(rows));
  packed.fill(0xff, packed.length / 2, packed.length / 2 + 64);
  const { prompts, bad } = await read("jsonl.gz", packed);
  expect(prompts.length).toBeGreaterThan(1500);
  expect(prompts.slice(0, 1500)).toEqual(rows.slice(0, 1500).map(({ prompt }) => prompt));
  expect(bad.at(-1)!.reason).toContain("breaks off here");
});

test("F7: a file called .gz that is none is read as what it is, and one that is gzip under another name is unpacked", async () => {
  expect((await read("jsonl.gz", jsonLines(pairs(2)))).prompts).toEqual(["p0", "p1"]);
  expect((await read("csv", gzipSync(`${head}p0,yes,no\n`))).prompts).toEqual(["p0"]);
});

const broken: [string, string, string][] = [
  ["an element that is no JSON", '{"prompt": "p1", "chosen": tru}', "not JSON"],
  ["a quote that never closes", '{"prompt": "p1, "chosen": "a"}', "not JSON"],
  ["a bracket that never closes", '{"prompt": [{"role": "user", "content": "p1"}, "chosen": "a"', "not JSON"],
  ["a number for an element", "17", "is no object"],
];
test.each(broken)(
  "F7, C12: a .json array with %s, one element a line: it is named, the others come in",
  async (_, row, reason) => {
    const [first, ...rest] = pairs(40).map((one) => JSON.stringify(one));
    const { prompts, bad } = await read("json", `[\n${[first, row, ...rest].join(",\n")}\n]\n`);
    expect(prompts).toHaveLength(40);
    expect(bad).toEqual([{ line: 3, reason: expect.stringContaining(reason) }]);
  },
);
test.each(broken)("F7, C12: the same array with indentation: %s", async (_, row, reason) => {
  const pretty = (one: object) => JSON.stringify(one, null, 2).replaceAll("\n", "\n  ");
  const [first, ...rest] = pairs(40).map((one) => pretty({ ...one, prompt: [{ role: "user", content: one.prompt }] }));
  const spread = row.replaceAll(/([,[{])/g, "$1\n      ");
  const { prompts, bad } = await read("json", `[\n  ${[first, spread, ...rest].join(",\n  ")}\n]\n`);
  expect(prompts).toHaveLength(40);
  expect(bad).toEqual([{ line: 12, reason: expect.stringContaining(reason) }]);
});

test("C12: a .json array on one line is read, and so are JSON lines in a file called .json", async () => {
  const names = ["p0", "p1", "p2"];
  expect(await read("json", JSON.stringify(pairs(3)))).toMatchObject({ prompts: names, bad: [] });
  expect(await read("json.gz", gzipSync(`\uFEFF \n${JSON.stringify(pairs(3), null, 4)}`))).toMatchObject({
    prompts: names,
    bad: [],
  });
  expect(await read("json", jsonLines(pairs(3)))).toMatchObject({ prompts: names, bad: [] });
});

test("C12: elements that are cut by the parts in which a file is read are whole, whatever stands in them", async () => {
  const rows = pairs(9)
    .map((row, i) => ({ ...row, chosen: `{[" \\ é 漢 😀`.repeat(i * 700), rejected: "no" }))
    .slice(1);
  const { good, bad } = await readRows(fileOf("json", JSON.stringify(rows)), pairsRow);
  expect(bad).toEqual([]);
  expect(good.map(({ pairs }) => pairs[0])).toMatchObject(rows);
});

test("F7: a .json array that is cut off is named where it ends", async () => {
  const { prompts, bad } = await read("json", JSON.stringify(pairs(3)).slice(0, -20));
  expect(prompts).toEqual(["p0", "p1"]);
  expect(bad.at(-1)!.reason).toContain("the file may be cut off");
});

test.each([
  ["UTF-16, little-endian", Buffer.from(`\uFEFF${jsonLines([pair("Grüße 😀")])}`, "utf16le")],
  ["UTF-16, big-endian", Buffer.from(`\uFEFF${jsonLines([pair("Grüße 😀")])}`, "utf16le").swap16()],
  ["UTF-16 without its mark", Buffer.from(jsonLines([pair("Grüße 😀")]), "utf16le")],
  ["UTF-8 with its mark", Buffer.from(`\uFEFF${jsonLines([pair("Grüße 😀")])}`)],
])("E1, C16: a file in %s is decoded", async (_, content) => {
  expect(await read("jsonl", content)).toMatchObject({ prompts: ["Grüße 😀"], bad: [] });
});

test("E1: a CSV file in UTF-16, as Excel saves it, is decoded", async () => {
  const content = Buffer.from("\uFEFFprompt\tchosen\trejected\r\nGrüße\tja\tnein\r\n", "utf16le");
  expect(await read("csv", content)).toMatchObject({ prompts: ["Grüße"], bad: [] });
});

test.each([
  ["jsonl", jsonLines([pair("Grüße"), pair("ok")]), 1, "character 14"],
  ["csv", `${head}Grüße,yes,no\nok,yes,no\n`, 2, "character 3"],
  ["json", `[\n${JSON.stringify(pair("Grüße"))},\n${JSON.stringify(pair("ok"))}\n]`, 2, "line 2, character 14"],
])(
  "E1: a .%s line in Windows-1252 or Latin-1 is named, not read with replacement characters",
  async (ending, text, line, place) => {
    const { prompts, bad } = await read(ending, Buffer.from(text, "latin1"));
    expect(prompts).toEqual(["ok"]);
    expect(bad).toEqual([{ line, reason: expect.stringContaining(`is not UTF-8: byte 0xFC at ${place}`) }]);
  },
);

test("F6: a row of a hundred levels is read, and one of a hundred and one is not", async () => {
  const nested = (levels: number) =>
    `{"prompt": "p", "chosen": "a", "rejected": "b", "x": ${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}\n`;
  const { prompts, bad } = await read("jsonl", nested(100) + nested(101));
  expect(prompts).toEqual(["p"]);
  expect(bad).toEqual([{ line: 2, reason: expect.stringContaining("is nested more than 100 levels deep") }]);
});

test("E1: a replacement character that stands in the file itself is left as it is", async () => {
  expect(await read("jsonl", jsonLines([pair("a \uFFFD b")]))).toMatchObject({ prompts: ["a \uFFFD b"], bad: [] });
});

test("F7: half a character in UTF-16 is named by its line", async () => {
  const text = `${jsonLines([pair("p0")])}{"prompt": "\ud83d", "chosen": "yes", "rejected": "no"}\n`;
  const { prompts, lines } = await read("jsonl", Buffer.from(`\uFEFF${text}`, "utf16le"));
  expect([prompts, lines]).toEqual([["p0"], [2]]);
});

test("F7: a name that is given twice is found also where one of the two is escaped", async () => {
  const { prompts, bad } = await read(
    "jsonl",
    '{"prompt": "p", "chosen": "a", "\\u0063hosen": "b", "rejected": "c"}\n',
  );
  expect(prompts).toEqual([]);
  expect(bad).toEqual([{ line: 1, reason: expect.stringContaining('"chosen" twice') }]);
});

test("F2: what is said of a line that is no JSON quotes nothing of it", async () => {
  const lines = ["SECRET-TOKEN-abcdef", '{"SECRET', "'SECRET'", '{"a": SECRET}', '"SECRET" "SECRET"', "{SECRET: 1}"];
  const { bad } = await read("jsonl", lines.join("\n"));
  expect(bad).toHaveLength(lines.length);
  for (const { reason } of bad) expect(reason).not.toContain("SEC");
});

test("F6: a line of more than 8 MB is named with its size, and the lines around it are read", async () => {
  const { prompts, bad } = await read("jsonl", jsonLines([pair("p0"), pair("a ".repeat(5e6)), pair("p2")]));
  expect(prompts).toEqual(["p0", "p2"]);
  expect(bad).toEqual([{ line: 2, reason: "is 10.0 MB long; at most 8 MB can be read" }]);
});

function parquetOf(rows: ReturnType<typeof pair>[], rowGroupSize: number): Uint8Array {
  const names = ["prompt", "chosen", "rejected"] as const;
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]), type: "STRING" as const }));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize }));
}

test("F7: of a Parquet file with a damaged row group the other groups come in, and it is named with its rows", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({
    prompt: `p${i}`,
    chosen: `yes ${i * 7919}`,
    rejected: `no ${i * 104729}`,
  }));
  const bytes = parquetOf(rows, 100);
  const at = Buffer.from(bytes).indexOf("p100");
  bytes.fill(0xff, at - 40, at + 400);
  const { prompts, bad } = await read("parquet", bytes);
  expect(prompts).toEqual([...rows.slice(0, 100), ...rows.slice(200)].map(({ prompt }) => prompt));
  expect(bad).toEqual([{ line: 101, reason: expect.stringMatching(/^rows 101 to 200 .*row group 2 of 3/) }]);
});

test("F7: a Parquet file without its footer is refused with a sentence", async () => {
  const { prompts, bad } = await read("parquet", parquetOf(pairs(5), 5).subarray(0, 200));
  expect(prompts).toEqual([]);
  expect(bad).toEqual([{ line: 1, reason: expect.stringContaining("footer cannot be read") }]);
});

test.each(["jsonl", "json", "csv", "jsonl.gz"])(
  "F7: a .%s file with any bytes changed, cut or added is read to its end without an error",
  async (ending) => {
    const rows = pairs(50);
    const whole = {
      jsonl: () => Buffer.from(jsonLines(rows)),
      json: () => Buffer.from(JSON.stringify(rows, null, 1)),
      csv: () => Buffer.from(head + rows.map(({ prompt }) => `"${prompt}",yes,no\n`).join("")),
      "jsonl.gz": () => gzipSync(jsonLines(rows)),
    }[ending]!();
    const random = createRandom(0, ending);
    const upTo = (end: number) => Math.floor(random() * end);
    for (let round = 0; round < 40; round++) {
      const bytes = Buffer.from(whole);
      for (let i = upTo(4); i >= 0; i--) bytes[upTo(bytes.length)] = upTo(256);
      const { prompts, bad } = await read(ending, random() < 0.3 ? bytes.subarray(0, upTo(bytes.length)) : bytes);
      for (const { line, reason } of bad) expect([line > 0, reason.length > 5]).toEqual([true, true]);
      expect(prompts.length).toBeLessThanOrEqual(50);
    }
  },
);
