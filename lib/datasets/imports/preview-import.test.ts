// What the import form says of a file before anything is imported.
import { beforeAll, expect, test } from "vitest";
import { signatureOf } from "../../../common/rows/mapping";
import { freshDatabase } from "../../../test/database";
import type { Columns } from "../../annotation/queues/import-columns";
import { rememberMapping } from "../add/remembered-mappings";
import type { FileFormat, ImportForm } from "./import-schema";
import { previewImport } from "./preview-import";

beforeAll(() => {
  freshDatabase();
});

interface Asked {
  format?: FileFormat;
  part?: boolean;
  as?: ImportForm;
  columns?: Columns | null;
}
const preview = (text: string, { format = "jsonl", part = false, as, columns = null }: Asked = {}) =>
  previewImport({ bytes: new TextEncoder().encode(text), format, columns, part, as: as ?? null });
const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");

const pair = { prompt: "2+2?", chosen: "4", rejected: "5" };

test.each([
  [
    "pairs",
    pair,
    [
      ["4", "better"],
      ["5", "worse"],
    ],
  ],
  [
    "rankings",
    { prompt: "2+2?", completions: ["4", "3", "5"], scores: [9, 1, 1] },
    [
      ["4", "rank 1"],
      ["3", "rank 2"],
      ["5", "rank 2"],
    ],
  ],
  ["unpaired", { prompt: "2+2?", completion: "4", label: false }, [["4", "bad"]]],
  [
    "sft",
    {
      messages: [
        { role: "user", content: "2+2?" },
        { role: "assistant", content: "4" },
      ],
    },
    [["4", "answer"]],
  ],
  ["prompts", { prompt: "2+2?" }, []],
  [
    "stepwise",
    { prompt: "2+2?", completions: ["2 and 2", "5"], labels: [true, false] },
    [
      ["2 and 2", "right"],
      ["5", "wrong"],
    ],
  ],
])(
  "U1: a file of %s is read as labelled without being asked, and each answer shows what its label says",
  async (holds, row, answers) => {
    const read = await preview(lines(row, row));
    expect(read).toMatchObject({ as: "labelled", holds, good: 2, left: 0, bad: [] });
    expect(read.rows[0]).toEqual({ prompt: "2+2?", answers: answers.map(([text, label]) => ({ text, label })) });
  },
);

test("U1: answers without a label are read as pairs to annotate; so is a labelled file, where that is wanted, and then no label is shown", async () => {
  expect(await preview(lines({ prompt: "p", answers: ["a", "b"] }))).toMatchObject({
    as: "annotate",
    holds: null,
    good: 1,
  });
  const hidden = await preview(lines(pair), { as: "annotate" });
  expect(hidden).toMatchObject({ as: "annotate", holds: "pairs", good: 1 });
  expect(hidden.rows).toEqual([
    {
      prompt: "2+2?",
      answers: [
        { text: "4", label: null },
        { text: "5", label: null },
      ],
    },
  ]);
});

test("U8: a file that is looked at whole is read to its last row; of a part, the line that was cut is left out", async () => {
  expect(await preview(lines(pair, pair))).toMatchObject({ good: 2, part: false });
  expect(await preview(`${lines(pair, pair)}\n{"prompt": "2+`, { part: true })).toMatchObject({
    good: 2,
    left: 0,
    part: true,
  });
});

test("U1: a prompt alone is a row of a file of prompts, and of no other", async () => {
  const mixed = await preview(lines({ prompt: "first" }, pair, { prompt: "last" }));
  expect(mixed).toMatchObject({ as: "labelled", holds: "pairs", good: 1, left: 2 });
  expect(mixed.bad.map(({ line }) => line)).toEqual([1, 3]);
});

test("DA: two columns that somebody names are answers to annotate, unless they say that the first is better", async () => {
  const columns = { prompt: "question", first: "one", second: "other" };
  const row = lines({ question: "q", one: "a", other: "b" });
  expect(await preview(row, { columns })).toMatchObject({ as: "annotate", holds: null, good: 1 });
  const said = await preview(row, { columns, as: "labelled" });
  expect(said).toMatchObject({ as: "labelled", holds: "pairs", good: 1 });
  expect(said.rows[0]!.answers).toEqual([
    { text: "a", label: "better" },
    { text: "b", label: "worse" },
  ]);
});

test("U8: an empty file has no rows; what cannot be read is counted, named by its line, and shows the columns that were found", async () => {
  expect(await preview("")).toMatchObject({ good: 0, left: 0, columns: [] });
  const read = await preview(`\n${lines({ quest: "a", replies: "b" })}\nnotes`);
  expect(read).toMatchObject({ good: 0, left: 2, columns: ["quest", "replies"] });
  expect(read.bad.map(({ line }) => line)).toEqual([2, 3]);
});

test("columns of which somebody has said what they are read as an import of the same request reads them", async () => {
  const row = lines({ Frage: "2+2?", Antwort: "4" });
  expect(await preview(row)).toMatchObject({ good: 0, left: 1 });
  rememberMapping(signatureOf(["Frage", "Antwort"]), { columns: { Frage: "prompt", Antwort: "completion" } });
  expect(await preview(row)).toMatchObject({ as: "labelled", holds: "sft", good: 1, left: 0 });
});
