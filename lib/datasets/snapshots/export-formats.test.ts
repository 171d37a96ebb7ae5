import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readRow } from "../../../common/rows/formats";
import { pairsRow, readRows, unpairedRow } from "../../../common/rows/rows";
import { freshDatabase, importRows, seedQueue } from "../../../test/database";
import { addItems } from "../../annotation/items/items";
import { judge } from "../../annotation/judging/judge";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { shownLeft } from "../../annotation/judging/sides";
import { exportCounts, previewOf } from "./export-counts";
import { csv, type RankedRow, sharegpt } from "./export-formats";
import { exporters } from "./snapshot";

let queue: number;
beforeAll(() => {
  freshDatabase();
  queue = seedQueue(0, 1);
  const turns = ["be brief", "hi", "hello", 'say "a, b"'].map((content, i) => ({
    role: ["system", "user", "assistant", "user"][i]!,
    content,
  }));
  const row = (answers: [string, string]) => ({ prompt: turns, answers, source: "test" });
  addItems(queue, [row(["one\nline", "other"]), row(["good", "as good"]), row(["bad", "as bad"])]);
  const choices = ["first", "tie", "both_bad"] as const;
  for (const [i, { id }] of takeTasks(1, queue, 3, 0).entries()) {
    const wanted = choices[i]!;
    const side = wanted === shownLeft(1, id) ? ("left" as const) : ("right" as const);
    const choice = wanted === "first" ? { kind: side, strength: 3 } : { kind: wanted };
    judge(1, { key: randomUUID(), itemId: id, choice, activeMs: 1 }, 0);
  }
});
const turn = (role: string, content: string) => ({ role, content });
const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("KTO: a pair is a good and a bad answer, a tie two good ones, both bad two bad ones", () => {
  const rows = lines(exporters.kto(queue)).map((row) => unpairedRow.parse(row));
  const labels = rows.flatMap(({ answers }) =>
    answers.map(({ completion, label }) => [(completion as { content: string }[])[0]!.content, label]),
  );
  expect(labels).toEqual([
    ["one\nline", true],
    ["other", false],
    ["good", true],
    ["as good", true],
    ["bad", false],
    ["as bad", false],
  ]);
});

test("LLaMA-Factory: sharegpt turns with the answers as one turn each; what it would drop is refused", () => {
  expect(lines(exporters["llama-factory"](queue))).toEqual([
    {
      conversations: [
        { from: "human", value: "hi" },
        { from: "gpt", value: "hello" },
        { from: "human", value: 'say "a, b"' },
      ],
      chosen: { from: "gpt", value: "one\nline" },
      rejected: { from: "gpt", value: "other" },
      system: "be brief",
      strength: 3,
      n_raters: 1,
      p_chosen: 0.75,
    },
  ]);
  const answered = [
    { role: "user", content: "hi" },
    { role: "assistant", content: "hello" },
  ];
  const row = {
    prompt: answered,
    chosen: [answered[1]!],
    rejected: [answered[1]!],
    strength: 1,
    n_raters: 1,
    p_chosen: 1,
  };
  expect(() => sharegpt([row as RankedRow])).toThrow("1 of 1 records do not");
});

test("CSV: quotes, commas and line ends stay within their field", () => {
  const [head, ...rest] = exporters.csv(queue).split("\r\n");
  expect(head).toBe("prompt,chosen,rejected,strength,n_raters,p_chosen,rationales");
  expect(rest.join("\r\n")).toMatch(/"",""content"":""say \\""a, b\\""""}]","one\nline","other",3,1,0.75,""\r\n$/);
});

test.each(["pairs", "csv", "parquet", "llama-factory"] as const)(
  "C12, C16: what is exported as %s comes back in with its turns and its label",
  async (format) => {
    const ending = { pairs: "jsonl", csv: "csv", parquet: "parquet", "llama-factory": "jsonl" }[format];
    const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), `rows.${ending}`);
    writeFileSync(file, exporters[format](queue));
    const { good, bad } = await readRows(file, pairsRow);
    expect(bad).toEqual([]);
    const turns = [
      turn("system", "be brief"),
      turn("user", "hi"),
      turn("assistant", "hello"),
      turn("user", 'say "a, b"'),
    ];
    const answers = { chosen: [turn("assistant", "one\nline")], rejected: [turn("assistant", "other")] };
    expect(good).toMatchObject([{ prompt: turns, pairs: [{ prompt: turns, ...answers }] }]);
  },
);

test("C12: what is exported for KTO and as rewrites or items comes back in as what it is", async () => {
  const kinds = (text: string) => [...new Set(lines(text).map((row) => readRow(row).kind))];
  expect(kinds(exporters.kto(queue))).toEqual(["unpaired"]);
  expect(kinds(exporters.items(queue))).toEqual(["answers"]);
});

test.each(["=HYPERLINK(1)", "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "'=1", "＝1"])(
  "F17: a cell that begins as %j does is text to a spreadsheet, and comes back in as it was",
  async (text) => {
    const said = (content: string): [{ role: string; content: string }] => [{ role: "assistant", content }];
    const row = {
      prompt: [{ role: "user", content: text }],
      chosen: said(text),
      rejected: said("a=b"),
      strength: 1,
      n_raters: 2,
      p_chosen: 0.5,
    };
    const quoted = `"'${text.replaceAll('"', '""')}"`;
    const table = csv([row]);
    expect(table.split("\r\n").slice(1).join("\r\n")).toBe(`${quoted},${quoted},"a=b",1,2,0.5,""\r\n`);
    const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.csv");
    writeFileSync(file, table);
    expect((await readRows(file, pairsRow)).good).toMatchObject([
      { prompt: row.prompt, pairs: [{ chosen: row.chosen, rejected: row.rejected }] },
    ]);
    writeFileSync(file, table.replace("strength", "weight")); // another program's table, whose apostrophes are its own
    expect((await readRows(file, pairsRow)).good).toMatchObject([
      { prompt: `'${text}`, pairs: [{ chosen: `'${text}` }] },
    ]);
  },
);

test("Parquet holds the same rows as the JSON lines, and the card names their hash", async () => {
  const queue = await importRows("parquet", [
    {
      prompt: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
      ],
      answers: ["Hello.", "No."],
    },
    { prompt: "Ünïcode?", answers: ["ja", "nein"] },
  ]);
  for (const [i, { id }] of takeTasks(1, queue, 9, 0).entries())
    judge(
      1,
      {
        key: randomUUID(),
        itemId: id,
        choice: { kind: "left", strength: 3 },
        rationale: i ? "It is." : null,
        activeMs: 1,
      },
      0,
    );
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.parquet");
  writeFileSync(file, exporters.parquet(queue));
  const text = exporters.pairs(queue);
  const { good } = await readRows(file, z.record(z.string(), z.unknown()));
  const lines = text
    .trim()
    .split("\n")
    .map((line) => ({ rationales: [], ...(JSON.parse(line) as object) }));
  expect(good.map((row) => ({ rationales: [], ...row }))).toEqual(lines);
  const card = exporters.card(queue);
  expect(card).toContain(createHash("sha256").update(text).digest("hex"));
  expect(card).toContain("2 of 2 pairs have a preferred answer");
});

test("U19: a reason leaves in every form that can hold it, and a table with reasons comes back in", async () => {
  const reasoned = await importRows("reasons", [{ prompt: "Which?", answers: ["this", "that"] }]);
  const { id } = takeTasks(1, reasoned, 1, 0)[0]!;
  const choice = { kind: "left" as const, strength: 2 };
  judge(1, { key: randomUUID(), itemId: id, choice, rationale: "=shorter", rewrite: "Both.", activeMs: 1 }, 0);
  for (const form of ["pairs", "kto", "llama-factory"] as const)
    for (const row of lines(exporters[form](reasoned))) expect(row.rationales, form).toEqual(["=shorter"]);
  expect(lines(exporters.rewrites(reasoned))).toMatchObject([{ rationale: "=shorter" }]);
  expect(exporters.csv(reasoned)).toContain(`,"'=shorter"\r\n`);
  const file = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "rows.csv");
  writeFileSync(file, exporters.csv(reasoned));
  expect(await readRows(file, pairsRow)).toMatchObject({ good: [{ prompt: [turn("user", "Which?")] }], bad: [] });
});

test("U19: chosen reasons are exported beside the written one, with ties, both bad and rewrites as well", async () => {
  const prompts = ["Tied?", "Bad?"];
  const tagged = await importRows(
    "tagged",
    prompts.map((prompt) => ({ prompt, answers: ["this", "that"] })),
  );
  const reasons = { tags: ["clearer", "safer"], rationale: "Both say it.", rewrite: "Better." };
  for (const [i, { id }] of takeTasks(1, tagged, 2, 0).entries()) {
    const choice = { kind: (["tie", "both_bad"] as const)[i]! };
    judge(1, { key: randomUUID(), itemId: id, choice, ...reasons, activeMs: 1 }, 0);
  }
  const beside = ({ rationales, rationale, reason_tags }: Record<string, unknown>) => [
    rationales ?? rationale,
    reason_tags,
  ];
  const chosen = ["clearer", "safer"];
  expect(lines(exporters.kto(tagged)).map(beside)).toEqual(Array(4).fill([["Both say it."], chosen])); // two answers each
  expect(lines(exporters.rewrites(tagged)).map(beside)).toEqual(Array(2).fill(["Both say it.", chosen]));
});

test("an export can be limited to the records that a view of the browser leaves", () => {
  expect(lines(exporters.pairs(queue, { records: "status=labelled" }))).toEqual(lines(exporters.pairs(queue)));
  expect(exporters.pairs(queue, { records: "status=tie" })).toBe("");
  expect(lines(exporters.kto(queue, { records: "q=%22as+good%22" })).map(({ label }) => label)).toEqual([true, true]);
  expect(previewOf("pairs", queue, { records: "status=open" })).toEqual({ rows: 0, first: [] });
});

test("U28: an export can be limited to what annotators are sure of, and says how many rows it has before it is taken", async () => {
  const strong = exporters.pairs(queue, { strength: 3 });
  expect(lines(strong)).toHaveLength(1);
  expect(exporters.pairs(queue, { strength: 3.5 })).toBe("");
  expect(exporters.pairs(queue, { raters: 2 })).toBe("");
  expect(exporters.kto(queue, { probability: 0.8 })).not.toContain("one\\nline");
  expect(exportCounts(queue)).toMatchObject({ pairs: 1, kto: 6, rewrites: 0, items: 3, events: 3 });
  expect(previewOf("csv", queue, {})).toEqual({ rows: 1, first: [strong.trim()] });
});
