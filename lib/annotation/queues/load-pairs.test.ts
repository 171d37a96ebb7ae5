// Files in and out: what an import takes of each format, and that what leaves comes back the same.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../../test/database";
import { exportItems } from "../../datasets/snapshots/snapshot";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { readImported } from "./import-columns";
import { loadPairs } from "./load-pairs";

beforeAll(() => {
  freshDatabase();
});

let files = 0;
function fileOf(lines: string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `${files++}.jsonl`);
  writeFileSync(path, lines.join("\n"));
  return path;
}
const items = (queueId: number) =>
  exportItems(queueId)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { prompt: { content: string }[]; answers: [string, string] });

test("reads pairs nobody ranked, ranked ones of several shapes, and rankings as their pairs; names bad lines", async () => {
  const turn = (role: string, content: string) => [{ role, content }];
  const lines = [
    JSON.stringify({ prompt: "a", answers: ["one", "two"] }),
    JSON.stringify({ prompt: turn("user", "b"), chosen: turn("assistant", "yes"), rejected: turn("assistant", "no") }),
    "not JSON",
    JSON.stringify({ prompt: "c", completions: ["x", "y", "z"], ranks: [1, 2, 2] }),
    JSON.stringify({ prompt: "d", answers: ["", "two"] }),
    JSON.stringify({ prompt: "a", answers: ["one", "two"] }),
  ];
  const { queueId, bad, left, ...report } = await loadPairs("formats", fileOf(lines), 0);
  expect(report).toEqual({ queue: "formats", added: 4, duplicates: 1, notes: [] });
  expect(bad.map(({ line }) => line)).toEqual([3, 5]);
  expect(left).toBe(2);
  expect(items(queueId).map(({ prompt, answers }) => [prompt[0]!.content, ...answers])).toEqual([
    ["a", "one", "two"],
    ["b", "yes", "no"],
    ["c", "x", "y"],
    ["c", "x", "z"],
  ]);
  expect(await loadPairs("formats", fileOf(lines), 0)).toMatchObject({ added: 0, duplicates: 5 });
});

test("a file without a good row makes no queue, and says why", async () => {
  await expect(loadPairs("nothing", fileOf(["{}"]), 0)).rejects.toThrow(/Line 1/);
  await expect(loadPairs("nothing", fileOf([""]), 0)).rejects.toThrow("The file is empty");
});

test("import(export(x)) is x, whatever stands in it", async () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((one) => one.trim() !== "");
  const answers = fc.uniqueArray(text, { minLength: 2, maxLength: 2 });
  const row = fc.record(
    { prompt: text, answers, source: text, writers: fc.tuple(text, text) },
    { requiredKeys: ["prompt", "answers", "source"] },
  );
  let queue = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
      const first = await loadPairs(`round ${queue++}`, fileOf(rows.map((one) => JSON.stringify(one))), 0);
      const left = exportItems(first.queueId);
      const second = await loadPairs(`round ${queue++}`, fileOf(left.trimEnd().split("\n")), 0);
      expect(exportItems(second.queueId)).toBe(left);
    }),
    { numRuns: 40 },
  );
});

test("reads CSV with line ends and quotes inside, what it exported itself, and columns of any name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const csv = join(folder, "pairs.csv");
  writeFileSync(csv, '\uFEFFquestion,good,bad,extra\r\n"Say ""hi""\nthen go","hi, you",no,1\r\nempty,only,,2\r\n');
  const columns = { prompt: "question", first: "good", second: "bad" };
  const { queueId, added, bad } = await loadPairs("csv", csv, 0, { columns });
  expect([added, bad.length]).toEqual([1, 1]);
  expect(items(queueId)).toMatchObject([{ prompt: [{ content: 'Say "hi"\nthen go' }], answers: ["hi, you", "no"] }]);
  await expect(loadPairs("csv as it is", csv, 0)).rejects.toThrow("No line could be imported");
});

test.each([
  [
    { question: "a", good: "b" },
    'columns found: question, good; a record to annotate needs "prompt" and "answers", or "chosen" and "rejected"',
  ],
  [{ prompt: "p", answers: ["a", "a"] }, "two answers are identical"],
  [{ prompt: "p", answers: ["a", "b"], writers: ["x"] }, "writers must have one entry per answer"],
  [{ prompt: "p", chosen: "a", rejected: "a" }, "rejected is the same as chosen"],
])("a row that is none says why in its own terms: %j", (row, reason) => {
  expect(() => readImported(row, null)).toThrow(reason);
});

test("F6: of a file with fifty thousand bad lines the first thousand are named and all are counted", async () => {
  const lines = [...Array<string>(50_000).fill("x"), JSON.stringify({ prompt: "a", answers: ["one", "two"] })];
  const { bad, left, added } = await loadPairs("many bad lines", fileOf(lines), 0);
  expect([bad.length, bad.at(-1)!.line, left, added]).toEqual([1000, 1000, 50_000, 1]);
});

test("F18: of queues there may be 1,000; one more is refused with 429 and a sentence, and known ones still grow", async () => {
  const row = (prompt: string) => fileOf([JSON.stringify({ prompt, answers: ["one", "two"] })]);
  const known = appDb().select().from(queues).all().length;
  const more = Array.from({ length: 1000 - known }, (_, i) => ({ name: `queue ${i}`, about: "", createdAt: 0 }));
  appDb().insert(queues).values(more).run();
  await expect(loadPairs("one too many", row("a"), 0)).rejects.toMatchObject({ status: 429 });
  expect(await loadPairs("queue 7", row("b"), 0)).toMatchObject({ added: 1 });
});

test("D3: rows of Step-DPO are annotated with the steps that both answers begin with", () => {
  const row = { prompt: "p", initial_reason_steps: "Step 1: a\n", chosen: "Step 2: b", rejected: "Step 2: c" };
  const both = ["Step 1: a\nStep 2: b", "Step 1: a\nStep 2: c"];
  expect(readImported(row, null).items.map(({ answers }) => answers)).toEqual([both]);
  expect(readImported(row, null, "single").items.map(({ answers }) => answers)).toEqual(both.map((one) => [one]));
  const turns = {
    ...row,
    chosen: [{ role: "assistant", content: "b" }],
    rejected: [{ role: "assistant", content: "c" }],
  };
  expect(readImported(turns, null).items.map(({ answers }) => answers)).toEqual([["Step 1: a\nb", "Step 1: a\nc"]]);
});
