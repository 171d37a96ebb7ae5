// Files whose answers are judged one at a time, and what becomes of their labels.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { canBeKept, type LabelKind } from "../../../spec/label-kinds";
import type { Question } from "../../../spec/queue-options";
import { freshDatabase, seedQueue } from "../../../test/database";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { changeQueue, getQueue } from "../../annotation/queues/list-queues";
import { appDb } from "../../db/client";
import { queues } from "../../db/tables/queues";
import { previewRows } from "../imports/preview-import";
import { duplicateQueue } from "../manage/duplicate-queue";
import { exporters } from "../snapshots/snapshot";
import { addPairs, oneFile } from "./add-dataset";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 1);
});

function fileOf(rows: object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}
const added = (name: string, rows: object[], more: { keepsLabels?: boolean; question?: Question } = {}) =>
  addPairs(oneFile(fileOf(rows)), { name, mapping: null, by: "Ada", keepsLabels: false, ...more }, 0);
const lines = (text: string) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const judged = (queue: number) =>
  lines(exporters.kto(queue)).map(({ completion, label, n_raters, labelled_by }) => [
    (completion as [{ content: string }])[0].content,
    label,
    n_raters,
    labelled_by,
  ]);
const modeOf = (id: number) => appDb().select().from(queues).where(eq(queues.id, id)).get()!.mode;

const kto = [
  { prompt: "2+2?", completion: "4", label: true },
  { prompt: "2+2?", completion: "5", label: false },
];
const pairs = [{ prompt: "2+2?", chosen: "4", rejected: "5" }];

const ranked = [{ prompt: "2+2?", completions: ["4", "four", "5"], ranks: [1, 2, 3] }];
const stepwise = [{ prompt: "2+2+2?", completions: ["2+2=4", "4+2=7"], labels: [true, false] }];

const kinds: [Question, LabelKind, object[]][] = [
  ["compare", "pairs", pairs],
  ["compare", "rankings", ranked],
  ["single", "pairs", pairs],
  ["single", "rankings", ranked],
  ["single", "unpaired", kto],
  ["steps", "pairs", pairs],
  ["steps", "rankings", ranked],
  ["steps", "unpaired", kto],
  ["steps", "stepwise", stepwise],
];
test.each(kinds)("asked to %s, an import keeps labels of %s where the form says so", async (question, kind, rows) => {
  const { labels } = await added(`${question} ${kind}`, rows, { keepsLabels: true, question });
  expect(labels! > 0).toBe(canBeKept(kind, question));
});

test("rows of KTO are judged one at a time by themselves; their labels are kept where that is asked for", async () => {
  const hidden = await added("hidden", kto);
  expect([hidden.added, hidden.labels, modeOf(hidden.queueId)]).toEqual([2, undefined, "single"]);
  expect(judged(hidden.queueId)).toEqual([]);
  const { queueId, labels } = await added("both", kto, { keepsLabels: true });
  expect(labels).toBe(2);
  expect(judged(queueId)).toEqual([
    ["4", true, 0, "import"],
    ["5", false, 0, "import"],
  ]);
  const [task] = takeTasks(1, queueId, 1, 0);
  judge(1, { key: crypto.randomUUID(), itemId: task!.id, choice: { kind: "bad" }, activeMs: 1 }, 0);
  expect(judged(queueId)).toEqual([
    ["4", false, 1, undefined], // a person's word stands over the file's
    ["5", false, 0, "import"],
  ]);
});

test("the answers of pairs, of rankings and of answers that nobody ranked are records each, where that is asked for", async () => {
  const rows = [
    ...pairs,
    { prompt: "3+3?", completions: ["6", "7", "8"], ranks: [1, 2, 3] },
    { prompt: "4+4?", answers: ["8", "9"], writers: ["a", "b"] },
    { prompt: "5+5?", completion: "10" },
  ];
  const { queueId, added: count, labels } = await added("all", rows, { question: "single", keepsLabels: true });
  expect([count, labels]).toEqual([8, 2]); // chosen is good and rejected bad; ranks say neither
  expect(judged(queueId).map(([content, label]) => [content, label])).toEqual([
    ["4", true],
    ["5", false],
  ]);
  const left = exporters.items(queueId);
  expect(lines(left).map(({ answers, writers }) => [answers, writers])).toContainEqual([["9"], ["b"]]);
  const again = await added("all again", lines(left), { question: "single" });
  expect(exporters.items(again.queueId)).toBe(left);
});

test("a gold answer says good or bad, and comes back as it went", async () => {
  const row = { prompt: "2+2?", answers: ["four"], gold: { verdict: "good", because: "sum" }, source: "ours" };
  const { queueId } = await added("gold", [row, ...kto], { question: "single" });
  expect(lines(exporters.items(queueId))[0]!.gold).toEqual(row.gold);
  expect(takeTasks(1, queueId, 9, 0).map(({ answers }) => answers[0]!.text)).toEqual(["4", "5"]); // not the gold one
  const { left, bad } = await added("gold pair", [{ ...row, answers: ["four", "five"] }, ...kto], {
    question: "single",
  });
  expect([left, bad[0]!.reason]).toEqual([1, "gold needs exactly one answer, or two that are compared"]);
});

test("a dataset holds pairs or single answers, and neither takes the other", async () => {
  const { queueId } = await added("pairs", pairs);
  expect(modeOf(queueId)).toBe("scale");
  await expect(added("pairs", kto, { question: "single" })).rejects.toThrow(
    "pairs compares answers, and these records are one answer at a time",
  );
  const single = await added("single", kto);
  expect(await added("single", [{ prompt: "7?", chosen: "yes", rejected: "no" }])).toMatchObject({ added: 2 }); // as it is asked there
  await expect(added("single", pairs, { question: "compare" })).rejects.toThrow("single judges one answer at a time");
  for (const [id, mode] of [
    [queueId, "single"],
    [single.queueId, "pair"],
  ] as const)
    expect(() => changeQueue(id, 1, { mode }, 0)).toThrow(expect.objectContaining({ status: 409 }));
  changeQueue(queueId, 1, { mode: "pair" }, 0);
  expect(getQueue(queueId, 1).mode).toBe("pair");
});

test("the answers of a dataset of pairs become a dataset of their own, labels of the file too", async () => {
  const { queueId } = await added("to split", [...pairs, { prompt: "6?", chosen: "a", rejected: "b" }], {
    keepsLabels: true,
  });
  const copy = await duplicateQueue(queueId, 0, true);
  expect(modeOf(copy)).toBe("single");
  expect(judged(copy)).toEqual([
    ["4", true, 0, "import"],
    ["5", false, 0, "import"],
    ["a", true, 0, "import"],
    ["b", false, 0, "import"],
  ]);
  const twice = await duplicateQueue(copy, 0); // of single answers a plain copy
  expect([modeOf(twice), judged(twice)]).toEqual(["single", judged(copy)]);
});

test("a preview asks to compare answers where there are several, and shows each answer alone where that is asked", async () => {
  const preview = (rows: object[], question: Question | null = null) =>
    previewRows(
      (async function* () {
        for (const [i, value] of rows.entries()) yield { line: i + 1, value };
      })(),
      { columns: null, as: "annotate", question },
    );
  expect(await preview(kto)).toMatchObject({ question: "single", good: 2, holds: "unpaired" });
  expect(await preview(pairs)).toMatchObject({ question: "compare", good: 1 });
  const { rows, question } = await preview(pairs, "single");
  expect([question, rows[0]!.answers.map(({ text }) => text)]).toEqual(["single", ["4", "5"]]);
});
