// The twelve kinds of fault that people's files have, in every format that can have them: each is read right where it can be told for certain
// what is meant, or named with its line, its place in the line, and what was expected. The rows around it are in.
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../../test/database";
import { told } from "../../../test/told";

beforeAll(() => {
  freshDatabase();
});

const row = (prompt: string) => ({ prompt, chosen: "yes", rejected: "no" });
const json = JSON.stringify;
const lines = (...rows: unknown[]) => rows.map((one) => `${json(one)}\n`).join("");
const array = (...elements: string[]) => `[\n${elements.join(",\n")}\n]`;
const [p0, p2] = [json(row("p0")), json(row("p2"))];
const head = "prompt,chosen,rejected\n";
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
/** As Windows writes it: ’ is a byte there that Latin-1 has no character for. */
const cp1252 = (text: string) => Buffer.from(text.replaceAll("’", "\x92"), "latin1");

interface Fault {
  kind: string;
  ending: string;
  content: string | Uint8Array;
  /** That come in. */
  rows: number;
  /** What is said, one sentence each; nothing where all of it is read. */
  said: RegExp[];
}

const faults: Fault[] = [
  {
    kind: "truncated array",
    ending: "json",
    content: array(p0, p2, '{\n  "prompt": "p3",\n  "chosen').slice(0, -2),
    rows: 2,
    said: [
      /^line 4: record 3: not JSON: a text that never ends.* stands at line 6, character 3, where a name in double quotes is expected$/,
      /^line 6: the array never closes: the file may be cut off here, where a comma or \] is expected$/,
    ],
  },
  {
    kind: "truncated array, between two elements",
    ending: "json",
    content: `[${p0}, ${p2}, `,
    rows: 2,
    said: [/^line 1: the array never closes/],
  },
  {
    kind: "truncated line",
    ending: "jsonl",
    content: `${p0}\n${p2}\n{"prompt": "p3", "cho`,
    rows: 2,
    said: [
      /^line 3: not JSON: a text that never ends.* stands at character 18, where a name in double quotes is expected$/,
    ],
  },
  { kind: "BOM", ending: "jsonl", content: `\uFEFF${p0}\n${p2}\n`, rows: 2, said: [] },
  { kind: "BOM before a table", ending: "csv", content: `\uFEFF${head}p,a,b\n`, rows: 1, said: [] },
  { kind: "BOM before an array", ending: "json", content: `\uFEFF${array(p0, p2)}`, rows: 2, said: [] },
  { kind: "BOM where files were put together", ending: "jsonl", content: `${p0}\n\uFEFF${p2}\n`, rows: 2, said: [] },
  { kind: "UTF-16", ending: "jsonl", content: utf16(`${p0}\n${p2}\n`), rows: 2, said: [] },
  { kind: "UTF-16, an array", ending: "json", content: utf16(array(p0, p2)).swap16(), rows: 2, said: [] },
  {
    kind: "UTF-16 that ends within a character",
    ending: "jsonl",
    content: utf16(`${p0}\n${p2}\n`).subarray(0, -1),
    rows: 1,
    said: [/^line 2: is not UTF-8: half a character \(a lone surrogate\) at character 47$/],
  },
  {
    kind: "cp1252",
    ending: "jsonl",
    content: cp1252(`${p0}\n${json(row("What’s up?"))}\n${p2}\n`),
    rows: 2,
    said: [
      /^line 2: is not UTF-8: byte 0x92 at character 16, which in Windows-1252 is ’; save the file as UTF-8, as with iconv -f WINDOWS-1252 -t UTF-8$/,
    ],
  },
  {
    kind: "cp1252, a table",
    ending: "csv",
    content: cp1252(`${head}p,a,b\nGrüße,a,b\n`),
    rows: 1,
    said: [/^line 3: is not UTF-8: byte 0xFC at character 3, which in Windows-1252 is ü; save the file as UTF-8/],
  },
  {
    kind: "cp1252, an array",
    ending: "json",
    content: cp1252(array(p0, json(row("Grüße")), p2)),
    rows: 2,
    said: [/^line 3: record 2: is not UTF-8: byte 0xFC at line 3, character 14, which in Windows-1252 is ü/],
  },
  {
    kind: "nested strings of JSON: a line that was written twice",
    ending: "jsonl",
    content: lines(row("p0"), p2),
    rows: 1,
    said: [/^line 2: is JSON within a text \(written twice\); an object with named columns is expected$/],
  },
  {
    kind: "nested strings of JSON: turns",
    ending: "jsonl",
    content: lines(
      {
        messages: json([
          { role: "user", content: "p" },
          { role: "assistant", content: "a" },
        ]),
      },
      { messages: '[{"role": "user", "content": "p"}' },
    ),
    rows: 1,
    said: [
      /^line 2: messages is a text that is not JSON: it ends at character 34 before it is complete; a comma or \] is expected$/,
    ],
  },
  {
    kind: "NaN",
    ending: "jsonl",
    content: `${p0}\n{"prompt": "p", "chosen": "a", "rejected": "b", "margin": NaN}\n${p2}\n`,
    rows: 2,
    said: [/^line 2: not JSON: NaN, which JSON does not have, stands at character 59, where a value is expected$/],
  },
  {
    kind: "NaN in an array",
    ending: "json",
    content: array(p0, '  {"prompt": "p",\n    "margin": NaN}', p2),
    rows: 2,
    said: [
      /^line 3: not JSON: NaN, which JSON does not have, stands at line 4, character 15, where a value is expected$/,
    ],
  },
  {
    kind: "duplicate keys",
    ending: "jsonl",
    content: `${p0}\n{"prompt": "p", "chosen": "a", "chosen": "b", "rejected": "c"}\n`,
    rows: 1,
    said: [/^line 2: has the name "chosen" twice, the second time at character 32, and only one would count$/],
  },
  {
    kind: "duplicate keys in an array",
    ending: "json",
    content: array(p0, '{"prompt": "ü",\n "prompt": "q"}'),
    rows: 1,
    said: [/^line 3: has the name "prompt" twice, the second time at line 4, character 2, and/],
  },
  {
    kind: "duplicate keys: columns of a table",
    ending: "csv",
    content: "prompt,chosen,chosen\np,a,b\n",
    rows: 0,
    said: [/^line 1: the header names the column chosen twice/],
  },
  {
    kind: "100 MB line",
    ending: "jsonl",
    content: Buffer.concat([Buffer.from(`${p0}\n`), Buffer.alloc(100e6, "x"), Buffer.from(`\n${p2}\n`)]),
    rows: 2,
    said: [/^line 2: is 100\.0 MB long; at most 8 MB can be read$/],
  },
  {
    kind: "zip bomb",
    ending: "jsonl.gz",
    content: gzipSync(Buffer.alloc(80 * 2 ** 20)),
    rows: 0,
    said: [/^line 1: unpacks to more than 150 times its size/],
  },
  {
    kind: "zip",
    ending: "json",
    content: "PK\x03\x04 and more",
    rows: 0,
    said: [/^line 1: .*is a zip or Excel file; save its table as CSV/],
  },
  {
    kind: "objects over several lines each",
    ending: "jsonl",
    content: [row("p0"), row("p1"), row("p2")].map((one) => `${JSON.stringify(one, null, 2)}\n`).join(""),
    rows: 3,
    said: [],
  },
  {
    kind: "truncated object over several lines, after one with a fault",
    ending: "json",
    content: `${JSON.stringify(row("p0"), null, 2)}\n{\n  "prompt": tru\n}\n${JSON.stringify(row("p2"), null, 2)}\n{\n  "pro`,
    rows: 2,
    said: [
      /^line 6: not JSON: something else stands at line 7, character 13, where a value is expected$/,
      /^line 14: record 4: not JSON: a text that never ends.* stands at line 15, character 3, where a name/,
    ],
  },
  {
    kind: "rows within an object",
    ending: "json",
    content: JSON.stringify({ version: "1", data: [row("p0")] }, null, 2),
    rows: 0,
    said: [/^line 1: columns found: version, data; data is a list of objects: if these are the rows, save the list/],
  },
  { kind: "wrong extension: lines", ending: "csv", content: `${p0}\n${p2}\n`, rows: 2, said: [] },
  { kind: "wrong extension: an array", ending: "jsonl", content: array(p0, p2), rows: 2, said: [] },
  { kind: "wrong extension: gzip", ending: "json", content: gzipSync(array(p0, p2)), rows: 2, said: [] },
  {
    kind: "wrong extension: a table",
    ending: "json",
    content: `${head}p,a,b\n`,
    rows: 0,
    said: [/^line 1: not JSON: something else stands at character 1, where a value is expected/],
  },
  {
    kind: "mixed layouts of one kind",
    ending: "jsonl",
    content: lines(
      { instruction: "p", output: "a" },
      {
        conversations: [
          { from: "human", value: "p" },
          { from: "gpt", value: "a" },
        ],
      },
      { prompt: "p", completion: "a" },
    ),
    rows: 3,
    said: [],
  },
  {
    kind: "mixed layouts of several kinds",
    ending: "jsonl",
    content: lines(row("p0"), { instruction: "p", output: "a" }, { text: "t" }, row("p2")),
    rows: 2,
    said: [
      /^line 2: is of another type \(SFT rows\) than the others \(.+\); import them separately$/,
      /^line 3: is of another type \(plain texts\)/,
    ],
  },
  {
    kind: "mixed layouts: a row that is none",
    ending: "jsonl",
    content: lines(row("p0"), { q: "p", a: "b" }),
    rows: 1,
    said: [/^line 2: columns found: q, a; expected are "prompt" with "chosen" and "rejected"/],
  },
  ...(["json", "jsonl", "csv", "parquet"] as const).map((ending) => ({
    kind: `empty .${ending}`,
    ending,
    content: "",
    rows: 0,
    said: [ending === "parquet" ? /^line 1: .*Parquet.*/ : /^The file is empty: it has no rows\.$/],
  })),
];

const named = faults.map((fault) => [`${fault.kind}, .${fault.ending}`, fault] as const);
test.each(named)("C16, F7: %s: read, or named with its line, its place and what was expected", async (_, fault) => {
  const { rows, said } = await told(fault.ending, fault.content);
  expect(said).toEqual(fault.said.map((sentence) => expect.stringMatching(sentence)));
  expect(rows).toBe(fault.rows);
});

test("C16: turns as JSON in a column of text are read as the text they are, and the import says so", async () => {
  const { rows, notes } = await told("jsonl", lines({ ...row("p"), prompt: json([{ role: "user", content: "p" }]) }));
  expect([rows, notes]).toEqual([
    1,
    ["prompt is a conversation kept as JSON text, and read as plain text (1 row, first at line 1)"],
  ]);
});
