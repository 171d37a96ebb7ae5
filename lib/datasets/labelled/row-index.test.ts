// The rows of a labelled dataset: pages of them, search in any script, and what all of them come to.
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { freshDatabase } from "../../../test/database";
import type { LabelledSet } from "../../db/tables/training-sets";
import { labelledSet, loadLabelled } from "./labelled-sets";
import { listRows } from "./list-rows";
import { indexRows, isIndexed, statisticsOf } from "./row-index";

let data: string;
let set: LabelledSet;
beforeAll(async () => {
  data = freshDatabase();
  const rows = Array.from({ length: 120 }, (_, i) => ({
    prompt: i === 7 ? "哪种面包最好？" : `Question ${i % 110}`,
    completion: `Answer ${"very ".repeat(i % 3)}short`,
    label: i % 4 === 0,
  }));
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.jsonl");
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  set = labelledSet((await loadLabelled("thumbs", file, 0)).id);
  await indexRows(set.sha256, set.rows);
});

const found = async (q: string) => (await listRows(set, { q, only: "", after: 0 })).rows.map(({ id }) => id);

test("all rows come in pages that follow each other, each with its line", async () => {
  const lines: number[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = await listRows(set, { q: "", only: "", after: after });
    expect(page).toMatchObject({ total: 120, matching: 120 });
    lines.push(...page.rows.map(({ id }) => id));
    after = page.next;
  }
  expect(lines).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  expect((await listRows(set, { q: "#3", only: "", after: 0 })).rows).toEqual([
    {
      id: 3,
      prompt: "Question 2",
      answers: [{ place: 0, text: "Answer very very short", label: "bad" }],
      excluded: false,
      changed: false,
    },
  ]);
});

test("a search finds words of prompts and answers, beginnings of the last one, and any part of a text without spaces", async () => {
  expect((await listRows(set, { q: "very", only: "", after: 0 })).matching).toBe(80);
  expect(await found("question 4")).toEqual([5, 115]); // one letter is a word of its own
  expect(await found("面包")).toEqual([8]);
  expect(await found("quest 99")).toEqual([]);
  expect(await found("question 10")).toEqual([11]);
  expect(await found('"')).toHaveLength(50);
});

test("of a word in very many rows the first 10,000 are counted, and its rows come in pages as ever", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "frequent.jsonl");
  const row = (i: number) => JSON.stringify({ prompt: `Question ${i}`, completion: "An answer", label: true });
  writeFileSync(file, Array.from({ length: 10_001 }, (_, i) => row(i)).join("\n"));
  const frequent = labelledSet((await loadLabelled("frequent", file, 0)).id);
  await indexRows(frequent.sha256, frequent.rows);
  const { rows, ...page } = await listRows(frequent, { q: "question", only: "", after: 9950 });
  expect(page).toEqual({ total: 10_001, matching: 10_000, more: true, next: 10_000 });
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => 9951 + i));
  expect(await listRows(frequent, { q: "question 9999", only: "", after: 0 })).toMatchObject({
    matching: 1,
    more: false,
    next: null,
  });
});

test("the statistics count lengths, labels and prompts that stand twice", () => {
  expect(statisticsOf(set.sha256)).toEqual({
    rows: 120,
    prompts: { least: 7, median: 11, most: 12 },
    answers: { least: 12, median: 17, most: 22 },
    repeated: 9, // of the questions 0 to 9, all but 7, in whose place the first time another one stands
    labels: [
      { label: "bad", count: 90 },
      { label: "good", count: 30 },
    ],
  });
});

test("an index that is cancelled leaves no file", async () => {
  const stopped = AbortSignal.abort(new Error("stopped"));
  const many = Array.from({ length: 600 }, (_, i) => ({ prompt: `${i}`, completion: "a", label: true }));
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "many.jsonl");
  writeFileSync(file, many.map((row) => JSON.stringify(row)).join("\n"));
  const { sha256, rows } = labelledSet((await loadLabelled("many", file, 0)).id);
  await expect(indexRows(sha256, rows, { cancelled: stopped })).rejects.toThrow("stopped");
  expect(isIndexed(sha256)).toBe(false);
  expect(readdirSync(join(data, "indexes")).filter((name) => !name.endsWith(".sqlite"))).toEqual([]);
});
