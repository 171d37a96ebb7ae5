import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import { parseJson } from "../records/json";
import { type ReadRow, readRow } from "./formats";
import { textsOf } from "./row-texts";
import { anyRow, asPairs, asRanking, asSupervised, asUnpaired, pairsRow, readRows } from "./rows";

/** What a line gives, or the sentence that says why it gives nothing. */
function lineAs<T>(line: string, as: (row: ReadRow) => T): T | string {
  try {
    return as(readRow(parseJson(line)));
  } catch (error) {
    return (error as Error).message;
  }
}
const asPair = (row: ReadRow) => asPairs(row).pairs[0];

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
  const { good, bad } = await readRows(path, pairsRow);
  expect(good).toHaveLength(2);
  expect(bad.map(({ line }) => line)).toEqual([2, 3, 5, 6]);
  expect(bad.map(({ reason }) => reason)).toEqual([
    expect.stringContaining("not JSON"),
    expect.stringContaining("rejected"),
    "rejected is the same as chosen",
    expect.stringContaining("give both alike"),
  ]);
});

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const expected = { prompt: [user("Hi")], chosen: [assistant("Hello.")], rejected: [assistant("No.")] };

test.each([
  ["TRL's implicit prompt", { chosen: [user("Hi"), assistant("Hello.")], rejected: [user("Hi"), assistant("No.")] }],
  [
    "UltraFeedback, binarized",
    { prompt: "Hi", chosen: [user("Hi"), assistant("Hello.")], rejected: [user("Hi"), assistant("No.")] },
  ],
  [
    "Anthropic's HH-RLHF",
    { chosen: "\n\nHuman: Hi\n\nAssistant: Hello.", rejected: "\n\nHuman: Hi\n\nAssistant: No." },
  ],
  [
    "LMSYS's arena",
    {
      winner: "model_b",
      conversation_a: [user("Hi"), assistant("No.")],
      conversation_b: [user("Hi"), assistant("Hello.")],
    },
  ],
])("%s is read as prompt, chosen and rejected", (_, row) => {
  expect(lineAs(JSON.stringify(row), asPair)).toMatchObject(expected);
});

const pair = (changes: object) => JSON.stringify({ prompt: "Hi", chosen: "Hello.", rejected: "No.", ...changes });

test.each([
  ["wrong column", '{"prompt": "Hi", "chosen": "Hello.", "reject": "No."}', "rejected"],
  ["no prompt", '{"chosen": "The sky is blue", "rejected": "The sun is blue"}', "has no prompt"],
  ["mixed shapes", pair({ rejected: [assistant("No.")] }), "give both alike"],
  ["empty rejected", pair({ rejected: "" }), "rejected is empty"],
  ["blank rejected", pair({ rejected: " \n" }), "rejected is empty"],
  [
    "blank last turn",
    pair({ prompt: [user("Hi")], chosen: [assistant("a")], rejected: [assistant(" ")] }),
    "rejected is empty",
  ],
  ["no turns", pair({ prompt: [], chosen: [assistant("a")], rejected: [assistant("b")] }), "prompt is empty"],
  ["identical answers", pair({ rejected: "Hello." }), "is the same as chosen"],
  ["lone surrogate", pair({ chosen: "\ud83d" }), "half a character"],
  [
    "lone surrogate in a turn",
    pair({ prompt: [user("\udc00")], chosen: [assistant("a")], rejected: [assistant("b")] }),
    "half a character",
  ],
  ["NaN", '{"prompt": "Hi", "chosen": "Hello.", "rejected": NaN}', "not JSON"],
  ["single quotes", "{'prompt': 'Hi'}", "not JSON"],
  ["cut off", '{"prompt": "Hi", "chosen": "Hel', "not JSON"],
  ["two rows on a line", `${pair({})}${pair({})}`, "not JSON"],
  ["trailing comma", '{"prompt": "Hi", "chosen": "a", "rejected": "b",}', "not JSON"],
  ["duplicate key", '{"prompt": "Hi", "chosen": "a", "chosen": "c", "rejected": "b"}', '"chosen" twice'],
  ["duplicate key inside", '{"prompt": [{"role": "user", "role": "user", "content": "Hi"}]}', '"role" twice'],
  ["a list", '["Hi", "Hello.", "No."]', "an object with named columns is expected"],
  ["a number", "7", "an object with named columns is expected"],
  ["null", "null", "an object with named columns is expected"],
  ["null answer", pair({ rejected: null }), "rejected"],
  ["number for an answer", pair({ rejected: 5 }), "rejected"],
  [
    "turn without role",
    pair({ prompt: [{ content: "Hi" }], chosen: [assistant("a")], rejected: [assistant("b")] }),
    "prompt",
  ],
  [
    "turn without content",
    pair({ prompt: [user("Hi")], chosen: [{ role: "assistant" }], rejected: [assistant("b")] }),
    "chosen",
  ],
  [
    "no shared turn",
    JSON.stringify({ chosen: [user("A"), assistant("a")], rejected: [user("B"), assistant("b")] }),
    "share no turn",
  ],
  [
    "one the start of the other",
    JSON.stringify({ chosen: [user("A")], rejected: [user("A"), assistant("b")] }),
    "goes on",
  ],
  [
    "prompt is another",
    JSON.stringify({ prompt: "X", chosen: [user("A"), assistant("a")], rejected: [user("A"), assistant("b")] }),
    "not among the turns",
  ],
  [
    "a tie",
    JSON.stringify({
      winner: "tie",
      conversation_a: [user("A"), assistant("a")],
      conversation_b: [user("A"), assistant("b")],
    }),
    "is a tie",
  ],
  ["an escaped key twice", '{"prompt": "Hi", "a\\"b": 1, "a\\"b": 2, "chosen": "a", "rejected": "b"}', "twice"],
])("faulty row: %s", (_, line, reason) => {
  expect(lineAs(line, asPair)).toEqual(expect.stringContaining(reason));
});

test("names may repeat in different objects, and quotes in text are not names", () => {
  const turns = [user('say "prompt": "x", "prompt": "y"'), user("again")];
  const row = { prompt: turns, chosen: [assistant("a")], rejected: [assistant("b")] };
  expect(lineAs(JSON.stringify(row), asPair)).toMatchObject(row);
});

const ranked = { prompt: "Hi", completions: ["a", "b", "c"], ranks: [2, 1, 2] };

test("a ranking gives every pair that is not tied, the best first", () => {
  const pair = (chosen: string, rejected: string) => ({ prompt: "Hi", chosen, rejected });
  expect(lineAs(JSON.stringify(ranked), asPairs)).toEqual({ prompt: "Hi", pairs: [pair("b", "a"), pair("b", "c")] });
  const scored = { prompt: "Hi", completions: ["a", "b"], scores: [0.5, 4] };
  expect(lineAs(JSON.stringify(scored), asPairs)).toEqual({ prompt: "Hi", pairs: [pair("b", "a")] });
});

test("a pair is a ranking of two", () => {
  const row = JSON.stringify({ prompt: "Hi", chosen: "a", rejected: "b" });
  expect(lineAs(row, asRanking)).toMatchObject({ prompt: "Hi", completions: ["a", "b"], ranks: [1, 2] });
});

test.each([
  [{ ranks: [1, 2] }, "completions needs ranks or scores: a list with one number to each of its answers"],
  [{ ranks: undefined }, "a list with one number to each"],
  [{ completions: ["a"], ranks: [1] }, "fewer than two answers"],
  [{ completions: ["a", "b", [assistant("c")]] }, "must all be text or all be messages"],
  [{ completions: ["a", "", "c"] }, "completions 2 is empty"],
])("faulty ranking: %o", (changes, reason) => {
  expect(lineAs(JSON.stringify({ ...ranked, ...changes }), asRanking)).toEqual(expect.stringContaining(reason));
});

test("a ranking whose answers are all tied gives no pair and says so", () => {
  expect(lineAs(JSON.stringify({ ...ranked, ranks: [1, 1, 1] }), asPairs)).toBe(
    "ranks tie all answers, which gives no pair",
  );
});

test("plain text is a row without a prompt", () => {
  expect(lineAs('{"text": "Once upon a time"}', asSupervised)).toEqual({ prompt: "", completion: "Once upon a time" });
});

test("Parquet: conversations, numbers and bad rows by their number", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.parquet");
  const column = (name: string, data: unknown[]) => ({ name, data, type: "JSON" as const });
  await parquetWriteFile({
    filename: path,
    columnData: [
      column("chosen", [
        [user("Hi"), assistant("Hello.")],
        [user("Hi"), assistant("a")],
      ]),
      column("rejected", [
        [user("Hi"), assistant("No.")],
        [user("Hi"), assistant("a")],
      ]),
      { name: "margin", data: [2n, 1n], type: "INT64" },
    ],
  });
  const { good, bad } = await readRows(path, anyRow);
  expect(good).toMatchObject([{ ...expected, columns: { margin: 2 } }]);
  expect(bad).toEqual([{ line: 2, reason: "rejected is the same as chosen" }]);
});

test.each(["snappy", "zstd"])(
  "Parquet as pyarrow writes it, %s: the same rows as the .jsonl it was made from",
  async (codec) => {
    const golden = "data/golden/trajectories/pairs";
    const [columns, lines] = await Promise.all([
      readRows(`${golden}.${codec}.parquet`, pairsRow),
      readRows(`${golden}.jsonl`, pairsRow),
    ]);
    expect(columns).toEqual(lines);
    expect(lines.good).toHaveLength(48);
  },
);

test("answers of Step-DPO's rows, read one by one, begin with the steps that are given", () => {
  const given = { prompt: "2+2+2?", initial_reason_steps: "2+2=4. ", chosen: "4+2=6.", rejected: "4+2=7." };
  const [plain, asked] = [readRow(given), readRow({ ...given, prompt: [{ role: "user", content: given.prompt }] })];
  const [right, wrong] = ["2+2=4. 4+2=6.", "2+2=4. 4+2=7."];
  const said = (content: string) => [{ role: "assistant", content }];
  expect(textsOf(plain)).toEqual([given.prompt, right, wrong]);
  expect(asSupervised(plain)).toEqual({ prompt: given.prompt, completion: right });
  expect(asSupervised(asked).completion).toEqual(said(right));
  expect(asRanking(asked)).toMatchObject({ completions: [said(right), said(wrong)], ranks: [1, 2] });
  expect(asUnpaired(asked).answers).toEqual([
    { completion: said(right), label: true },
    { completion: said(wrong), label: false },
  ]);
});
