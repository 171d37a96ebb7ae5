// What KTO is given of what people judged: single answers, pairs, and pairs of which neither answer is better.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { rowRecords } from "../../../common/rows/expand";
import { type ReadRow, readRow } from "../../../common/rows/formats";
import { freshDatabase, seedQueue } from "../../../test/database";
import { addItems } from "../../annotation/items/items";
import { judge } from "../../annotation/judging/judge";
import type { Choice } from "../../annotation/judging/judging-schema";
import { takeTasks } from "../../annotation/judging/next-tasks";
import { changeQueue } from "../../annotation/queues/list-queues";
import { queueNamed } from "../../annotation/queues/new-queue";
import { rule } from "../../annotation/review/disputes";
import { datasetCard } from "./dataset-card";
import { exportCounts, previewOf } from "./export-counts";
import { createFreezer, rowsFor, rowsIn, snapshotPath } from "./freezer";
import { exporters } from "./snapshot";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 3);
});

const say = (annotator: number, itemId: number, choice: Choice) =>
  judge(annotator, { key: crypto.randomUUID(), itemId, choice, activeMs: 1 }, 0);
interface Row {
  prompt: { content: string }[];
  completion?: [{ content: string }];
  chosen?: [{ content: string }];
  label?: boolean;
}
const rowsOf = (text: string) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
const labelled = (queue: number) =>
  rowsOf(exporters.kto(queue)).map(({ completion, label }) => [completion![0].content, label]);

test("a tie gives both answers as good, both bad gives both as bad, a mixture gives none", () => {
  const queue = seedQueue(5, 0, "ties");
  const ids = takeTasks(1, queue, 5, 0).map(({ id }) => id);
  takeTasks(2, queue, 5, 0);
  const said: Choice[][] = [
    [{ kind: "tie" }, { kind: "tie" }],
    [{ kind: "both_bad" }, { kind: "both_bad" }],
    [{ kind: "tie" }, { kind: "both_bad" }],
    [{ kind: "tie" }, { kind: "skip" }],
  ];
  for (const [i, votes] of said.entries()) for (const [who, choice] of votes.entries()) say(who + 1, ids[i]!, choice);
  const expected = [
    ["first 0", true],
    ["second 0", true],
    ["first 1", false],
    ["second 1", false],
    ["first 3", true],
    ["second 3", true],
  ];
  expect(labelled(queue)).toEqual(expected);
  expect(exportCounts(queue)).toMatchObject({ kto: 6, pairs: 0 });
  const { id } = createFreezer(0)(queue, rowsFor("queue", { method: "kto" }))!; // nothing is decided, and KTO has something to learn
  expect(
    rowsOf(readFileSync(snapshotPath(id), "utf8")).map(({ completion, label }) => [completion![0].content, label]),
  ).toEqual(expected);
  expect(createFreezer(0)(queue, rowsFor("queue", { method: "dpo" }))).toBeNull();
  rule(3, { itemId: ids[0]!, ruling: "neither" }, 0); // a reviewer leaves it out
  expect(labelled(queue)).toEqual(expected.slice(2));
});

test("a run of KTO on pairs freezes the preferred ones as other methods do, and the equal ones after them", () => {
  const queue = seedQueue(2, 0, "mixed");
  const [one, two] = takeTasks(1, queue, 2, 0);
  say(1, one!.id, { kind: "left", strength: 2 });
  const same = createFreezer(0)(queue, "pairs")!.id;
  expect(createFreezer(0)(queue, "kto")!.id).toBe(same); // without equal pairs these are the same rows
  say(1, two!.id, { kind: "both_bad" });
  const { id } = createFreezer(0)(queue, "kto")!;
  const rows = rowsOf(readFileSync(snapshotPath(id), "utf8"));
  expect(rows.map((row) => ("chosen" in row ? "pair" : row.label))).toEqual(["pair", false, false]);
});

test("within a ranking a tie says that answers are equal, not that they are good", () => {
  const queue = seedQueue(0, 0, "ranked");
  addItems(queue, [{ prompt: [{ role: "user", content: "q" }], answers: ["a", "b", "c"], source: "" }]);
  const [task] = takeTasks(1, queue, 1, 0);
  say(1, task!.id, { kind: "ranking", tiers: [[0], [1, 2]] });
  const best = task!.answers[0]!.text;
  expect(labelled(queue).filter(([, label]) => label)).toEqual([
    [best, true],
    [best, true],
  ]);
  expect(exportCounts(queue).kto).toBe(labelled(queue).length);
});

test("of single answers everything is frozen as labels, whatever asks; the card describes them", () => {
  const queue = queueNamed("judged", 0, "single");
  addItems(
    queue,
    ["x", "y"].map((answer) => ({ prompt: [{ role: "user", content: "q" }], answers: [answer], source: "ours" })),
  );
  expect(createFreezer(0)(queue, "kto")).toBeNull();
  const [one, two] = takeTasks(1, queue, 2, 0);
  say(1, one!.id, { kind: "good" });
  say(1, two!.id, { kind: "bad" });
  const { pairs, rankings, csv, parquet, kto, card, items } = exportCounts(queue);
  expect([pairs, rankings, csv, parquet, kto, card, items]).toEqual([0, 0, 2, 2, 2, 2, 2]);
  expect([exporters.pairs(queue), exporters.rankings(queue)]).toEqual(["", ""]);
  expect(rowsOf(exporters.kto(queue))).toEqual([
    expect.objectContaining({ completion: [{ role: "assistant", content: "x" }], label: true, n_raters: 1 }),
    expect.objectContaining({ completion: [{ role: "assistant", content: "y" }], label: false, n_raters: 1 }),
  ]);
  expect((["pairs", "rankings", "kto", "rewrites"] as const).map((rows) => rowsIn(queue, rows))).toEqual([
    "kto",
    "kto",
    "kto",
    "rewrites",
  ]);
  const described = datasetCard(queue, exporters.kto(queue));
  expect(described).toContain("2 of 2 answers are labelled good or bad");
  expect(described).toContain("| completion | the answer |");
  expect(rowsOf(exporters.events(queue)).map((event) => (event as unknown as { verdict: string }).verdict)).toEqual([
    "good",
    "bad",
  ]);
});

test("single answers leave as CSV and Parquet, and come back in as the rows that KTO reads", async () => {
  const queue = queueNamed("tables", 0, "single");
  const rows = [
    { prompt: [{ role: "user", content: "=1+1" }], answers: ['two, "2"'], source: "" },
    {
      prompt: [
        { role: "system", content: "s" },
        { role: "user", content: "q" },
      ],
      answers: ["one\ntwo"],
      source: "",
    },
  ];
  addItems(queue, rows);
  const tasks = takeTasks(1, queue, 2, 0);
  say(1, tasks[0]!.id, { kind: "good" });
  changeQueue(queue, 1, { rewritePairs: true }, 0); // a rewrite is a good answer, and has neither annotators nor probability
  const key = crypto.randomUUID();
  judge(1, { key, itemId: tasks[1]!.id, choice: { kind: "bad" }, rewrite: "three", activeMs: 1 }, 0);
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  for (const form of ["csv", "parquet"] as const) {
    const file = join(folder, `rows.${form}`);
    writeFileSync(file, exporters[form](queue));
    const back: Row[] = [];
    for await (const record of rowRecords(file, { mapping: null })) back.push((record as { value: Row }).value);
    const read = back.map((value) => readRow(value)).map((row) => row.kind === "unpaired" && row);
    const expected = rowsOf(exporters.kto(queue)).map((row) => readRow(row));
    expect(expected).toHaveLength(3);
    for (const [i, row] of read.entries()) {
      const { prompt, completion, label } = expected[i] as Extract<ReadRow, { kind: "unpaired" }>;
      expect(row).toMatchObject({ prompt, completion, label });
    }
    expect(read).toHaveLength(3);
  }
  expect(previewOf("csv", queue, {}).rows).toBe(3);
});
