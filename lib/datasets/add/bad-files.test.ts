// Files that are wrong in one way each: all of them end with a sentence that names the line, what stands there and what was expected, and
// the rows around it are in.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../../test/database";
import { told } from "../../../test/told";

beforeAll(() => {
  freshDatabase();
});

const pair = (prompt: string) => ({ prompt, chosen: "yes", rejected: "no" });
const json = JSON.stringify;
const before = json(pair("p0"));
const after = json(pair("p2"));
const golden = (name: string) => readFileSync(join("data", "layouts", "binary", name));

/** The second of three lines. */
const badLines: [name: string, line: string, sentence: RegExp][] = [
  [
    "an object that ends early",
    '{"prompt": "p"',
    /ends at character 15 before it is complete; a comma or } is expected/,
  ],
  ["a missing comma", '{"prompt": "p" "chosen": "a"}', /a text stands at character 16, where a comma or } is expected/],
  ["a comma too many", '{"prompt": "p",}', /} stands at character 16, where a name in double quotes is expected/],
  ["a missing colon", '{"prompt" "p"}', /a text stands at character 11, where a colon is expected/],
  [
    "single quotes",
    "{'prompt': 'p'}",
    /a single quote stands at character 2, where a name in double quotes or } is expected/,
  ],
  ["a name without quotes", '{prompt: "p"}', /something else stands at character 2, where a name/],
  ["NaN", '{"prompt": "p", "margin": NaN}', /NaN, which JSON does not have, stands at character 27, where a value/],
  ["-Infinity", '{"margin": -Infinity}', /Infinity, which JSON does not have, stands at character 12/],
  ["Python's True", '{"label": True}', /True, which JSON does not have, stands at character 11/],
  ["Python's None", '{"prompt": None}', /None, which JSON does not have, stands at character 12/],
  ["a comment", "// the rows", /a comment, which JSON does not have, stands at character 1/],
  [
    "a name twice",
    '{"prompt": "p", "chosen": "a", "chosen": "b"}',
    /has the name "chosen" twice, the second time at character 32/,
  ],
  ["an object written twice", json(before), /is JSON within a text \(written twice\); an object with named columns/],
  ["a blank that JSON does not have", `{"prompt":\u00a0"p"}`, /a blank other than a space.* stands at character 11/],
  ["a tab within a text", '{"prompt": "a\tb"}', /holds a character that must be escaped, stands at character 12/],
  ["a text that never closes", '{"prompt": "p}', /a text that never ends.*at character 12/],
  ["an escape that JSON does not have", '{"prompt": "\\x41"}', /must be escaped, stands at character 12/],
  ["two objects", `${before} {}`, /{ stands at character \d+, where nothing more is expected/],
  ["a number with a leading zero", '{"margin": 01}', /something else stands at character 12, where a value/],
  ["zero bytes", "\0\0\0\0", /something else stands at character 1, where a value is expected/],
  ["a hundred thousand brackets", "[".repeat(1e5) + "]".repeat(1e5), /is nested more than 100 levels deep/],
  ["a number", "17", /is a number; an object with named columns is expected/],
  ["a list", '["p", "a", "b"]', /is a list; an object with named columns is expected/],
  ["null", "null", /is null; an object with named columns is expected/],
  ["9 MB", json(pair("a ".repeat(45e5))), /is 9\.0 MB long; at most 8 MB can be read/],
  ["half a character", '{"prompt": "\\ud83d", "chosen": "a", "rejected": "b"}', /prompt holds half a character/],
  ["a misspelt column", json({ promt: "p", chosen: "a", rejected: "b" }), /has no prompt: give it as a column/],
  ["columns that nobody knows", json({ q: "p", x: "a" }), /columns found: q, x; expected are "prompt" with "chosen"/],
  ["an empty prompt", json(pair(" ")), /prompt is empty/],
  ["the same answer twice", json({ ...pair("p"), rejected: "yes" }), /rejected is the same as chosen/],
  ["a number for an answer", json({ ...pair("p"), chosen: 5 }), /chosen is a number; a text or a list of messages/],
  [
    "a text beside a conversation",
    json({ ...pair("p"), rejected: [{ role: "assistant", content: "no" }] }),
    /chosen is a text and rejected a conversation/,
  ],
  [
    "a turn without a role",
    json({ ...pair("p"), prompt: [{ text: "p" }] }),
    /turn 1 of prompt has no role: its fields are text/,
  ],
  ["a turn without content", json({ ...pair("p"), prompt: [{ role: "user" }] }), /turn 1 of prompt has no content/],
  [
    "a part that nobody knows",
    json({ ...pair("p"), prompt: [{ role: "user", content: [{ type: "hologram" }] }] }),
    /holds a part of type hologram; text, image, audio/,
  ],
  [
    "the user's words as an answer",
    json({ ...pair("p"), chosen: [{ role: "user", content: "a" }], rejected: [{ role: "assistant", content: "b" }] }),
    /chosen holds a turn of the role user/,
  ],
  ["text where JSON belongs", json({ messages: "Hi" }), /messages is a text that is not JSON/],
  ["tools that are no JSON", json({ ...pair("p"), tools: "[weather" }), /tools is a text that is not JSON/],
  [
    "a call that is no JSON",
    json({
      conversations: [
        { from: "human", value: "p" },
        { from: "function_call", value: "weather()" },
      ],
    }),
    /turn 2 of messages calls a function, and its value is not JSON/,
  ],
  [
    "two system texts",
    json({
      ...pair("p"),
      prompt: [
        { role: "system", content: "a" },
        { role: "user", content: "p" },
      ],
      system: "b",
    }),
    /a system column and a system turn that say different things/,
  ],
  [
    "fewer ranks than answers",
    json({ prompt: "p", completions: ["a", "b"], ranks: [1] }),
    /one number to each of its answers/,
  ],
  [
    "a score in words",
    json({ prompt: "p", completions: ["a", "b"], scores: [1, "high"] }),
    /scores 2 is a text that is no number/,
  ],
  ["a single answer to rank", json({ prompt: "p", completions: ["a"], ranks: [1] }), /fewer than two answers/],
  ["a tie", json({ conversation_a: [], conversation_b: [], winner: "tie" }), /is a tie, which gives no pair/],
  ["a row of another kind", json({ prompt: "p", completion: "a" }), /is of another type \(SFT rows\) than the others/],
  ["a row without a label", json({ prompt: "p" }), /has no label; columns found: prompt/],
  ["a label in other words", json({ prompt: "p", completion: "a", label: "maybe" }), /true or false is expected/],
  [
    "fewer labels than steps",
    json({ prompt: "p", completions: ["a", "b"], labels: [true] }),
    /one entry to each of the steps/,
  ],
];

test.each(badLines)("C16, F7: a line with %s is named, and the lines around it are in", async (_, line, sentence) => {
  const { rows, said } = await told("jsonl", `${before}\n${line}\n${after}\n`);
  expect(rows).toBe(2);
  expect(said).toEqual([expect.stringMatching(sentence)]);
  expect(said[0]).toMatch(/^line 2: /);
});

const head = "prompt,chosen,rejected\n";
const rows = Array.from({ length: 3000 }, (_, i) => `${json(pair(`p${i}`))}\n`).join("");
const parquet = new Uint8Array(
  parquetWriteBuffer({ columnData: [{ name: "text", data: ["a", "b"], type: "STRING" }] }),
);
const latin1 = (text: string) => Buffer.from(text, "latin1");

/** With the rows that come in. */
const badFiles: [name: string, ending: string, content: string | Uint8Array, rows: number, sentence: RegExp][] = [
  ["nothing", "jsonl", "", 0, /The file is empty: it has no rows/],
  ["blank lines", "jsonl", "\n \n\n", 0, /The file is empty/],
  ["nothing, packed", "jsonl.gz", gzipSync(""), 0, /The file is empty/],
  ["an empty array", "json", "[]", 0, /The file is empty/],
  ["a header alone", "csv", head, 0, /The file is empty/],
  [
    "an array that is cut off",
    "json",
    `[${before},\n${after},\n{"pro`,
    2,
    /line 3: record 3: not JSON: a text that never ends.* at line 3, character 2, where a name/,
  ],
  [
    "an array that never closes",
    "json",
    `[${before}`,
    1,
    /line 1: the array never closes: the file may be cut off here, where a comma or \] is expected/,
  ],
  [
    "a broken element",
    "json",
    `[\n${before},\n{"prompt": tru},\n${after}\n]`,
    2,
    /line 3: not JSON: something else stands at line 3, character 12, where a value is expected/,
  ],
  ["a number among the elements", "json", `[\n${before},\n17,\n${after}\n]`, 2, /line 3: record 2: is no object/],
  ["a cell too many", "csv", `${head}p,a,b,c\np,a,b\n`, 1, /line 2: has 4 cells, and the header names 3/],
  ["a cell too few", "csv", `${head}p,a\np,a,b\n`, 1, /line 2: has 2 cells, and the header names 3/],
  ["a quote that never closes", "csv", `${head}"p,a,b\np,a,b\n`, 1, /line 2: opens a quote that never closes/],
  ["text after a quote", "csv", `${head}"p"x,a,b\np,a,b\n`, 1, /line 2: has a quoted cell with something after/],
  ["a column twice", "csv", "prompt,chosen,chosen\np,a,b\n", 0, /line 1: the header names the column chosen twice/],
  ["an empty cell for a prompt", "csv", `${head},a,b\np,a,b\n`, 1, /line 2: has no prompt/],
  [
    "Windows-1252 in a line",
    "jsonl",
    latin1(`${json(pair("Grüße"))}\n${before}\n`),
    1,
    /line 1: is not UTF-8: byte 0xFC at character \d+/,
  ],
  [
    "Windows-1252 in a table",
    "csv",
    latin1(`${head}Grüße,a,b\np,a,b\n`),
    1,
    /line 2: is not UTF-8: byte 0xFC at character 3/,
  ],
  [
    "half a character in UTF-16",
    "jsonl",
    Buffer.from(`\uFEFF${before}\n{"prompt": "\ud83d"}\n`, "utf16le"),
    1,
    /line 2: is not UTF-8/,
  ],
  ["UTF-32", "jsonl", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 0, /line 1: is UTF-32; save it as UTF-8/],
  [
    "the wrong ending: a table",
    "jsonl",
    `${head}p,a,b\n`,
    0,
    /line 1: not JSON: something else stands at character 1, where a value/,
  ],
  ["gzip that is cut off", "jsonl.gz", gzipSync(before).subarray(0, -6), 0, /line 1: the gzip file breaks off here/],
  [
    "Zstandard that is cut off",
    "jsonl.zst",
    golden("rows.jsonl.zst").subarray(0, 60),
    0,
    /line 1: the Zstandard file breaks off here/,
  ],
  [
    "a gzip bomb",
    "jsonl.gz",
    gzipSync(Buffer.alloc(80 * 2 ** 20)),
    0,
    /line 1: unpacks to more than 150 times its size/,
  ],
  ["a Zstandard bomb", "jsonl.zst", golden("bomb.jsonl.zst"), 0, /(line 1: columns found: a|unpacks to more than)/],
  ["an Excel file", "csv", "PK\x03\x04 and more", 0, /line 1: .*is a zip or Excel file; save its table as CSV/],
  ["xz", "jsonl.xz", latin1("\xfd7zXZ and more"), 0, /line 1: is packed with xz; unpack it/],
  ["bzip2", "jsonl.bz2", "BZh91AY and more", 0, /line 1: is packed with bzip2/],
  ["a SQLite database", "json", "SQLite format 3\0 and more", 0, /line 1: is a SQLite database/],
  ["a PDF", "json", "%PDF-1.7 and more", 0, /line 1: is a PDF; rows are expected/],
  ["a Python pickle", "json", latin1("\x80\x04\x95 and more"), 0, /line 1: is a Python pickle/],
  ["Feather of version 1", "feather", "FEA1 and more", 0, /line 1: is a Feather file of version 1/],
  [
    "Parquet without its footer",
    "parquet",
    parquet.subarray(0, -9),
    0,
    /line 1: the Parquet file's footer cannot be read/,
  ],
  [
    "Parquet in gzip that is cut off",
    "parquet.gz",
    gzipSync(parquet).subarray(0, -9),
    0,
    /line 1: .*(breaks off|footer)/,
  ],
  [
    "Arrow without its end",
    "arrow",
    golden("plain.feather").subarray(0, 700),
    0,
    /line 1: the Arrow file breaks off here/,
  ],
];

test.each(badFiles)(
  "C16, F7: a file of %s is named, and what can be read of it is in",
  async (_, ending, content, count, sentence) => {
    const { rows: read, said } = await told(ending, content);
    expect(read).toBe(count);
    expect(said.join("\n")).toMatch(sentence);
  },
);

test("C12: a file with another ending than its rows have is read as what it is", async () => {
  expect(await told("csv", rows)).toMatchObject({ rows: 3000, said: [] });
  expect(await told("jsonl", parquet)).toMatchObject({ rows: 2, said: [] });
  expect(await told("json", rows.slice(0, before.length + 1))).toMatchObject({ rows: 1, said: [] });
});
