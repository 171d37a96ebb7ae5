// From a key press to the ids that KTO learns: what is labelled good or bad here is what a trainer reads, and the same as from the file itself.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { judge } from "../lib/annotation/judging/judge";
import { takeTasks } from "../lib/annotation/judging/next-tasks";
import { addPairs, oneFile } from "../lib/datasets/add/add-dataset";
import { withDataFiles } from "../lib/datasets/data-files";
import { createFreezer, rowsFor, snapshotPath } from "../lib/datasets/snapshots/freezer";
import { runConfig } from "../spec/config";
import { unpairedRows } from "../trainers/data/method-rows";
import { readTokenizer } from "../trainers/models/tokenizer";
import { freshDatabase, seedQueue } from "./database";

beforeAll(() => {
  freshDatabase();
  seedQueue(0, 1);
});

const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
function fileOf(rows: object[]): string {
  const path = join(folder(), "rows.jsonl");
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}
const tokenizer = readTokenizer("data/tiny");
type Kto = Extract<ReturnType<typeof runConfig.parse>, { method: "kto" }>;
const configOf = (train: string) =>
  runConfig.parse({
    method: "kto",
    model: { source: "tiny" },
    data: { train, maxLength: 256 },
    output: "x",
    kto: {},
  }) as Kto;
async function learnt(train: string) {
  const { train: rows } = await unpairedRows(configOf(train), tokenizer);
  return rows.map(({ tokens: { answer, label } }) => ({ ...answer, label }));
}

const said = [true, false, false, true, true];
const rows = said.map((label, i) => ({
  prompt: [{ role: "user", content: `Is film ${i} any good?` }],
  completion: [{ role: "assistant", content: `It is number ${i}.` }],
  label,
}));

test("answers judged by keys train KTO with the ids and flags of a file that says the same", async () => {
  const hidden = rows.map(({ label: _, ...row }) => row);
  const { queueId } = await addPairs(
    oneFile(fileOf(hidden)),
    { name: "films", mapping: null, by: "Ada", keepsLabels: false },
    0,
  );
  for (const [i, { id }] of takeTasks(1, queueId, 9, 0).entries())
    judge(1, { key: crypto.randomUUID(), itemId: id, choice: { kind: said[i] ? "good" : "bad" }, activeMs: 1 }, 0);
  const snapshot = createFreezer(0)(queueId, rowsFor("queue", { method: "kto" }))!;
  const fromFile = await learnt(fileOf(rows));
  expect(fromFile.map(({ label }) => label)).toEqual(said);
  expect(await learnt(snapshotPath(snapshot.id))).toEqual(fromFile);
  const byName = withDataFiles(configOf("dataset:films")); // as a run file of the command line names it
  expect(byName.data.train).toBe(snapshotPath(snapshot.id));
});

test("labels of the file that are kept train the same, and ties of pairs are two good answers", async () => {
  const { queueId } = await addPairs(
    oneFile(fileOf(rows)),
    { name: "kept", mapping: null, by: "Ada", keepsLabels: true },
    0,
  );
  const { id } = createFreezer(0)(queueId, "kto")!;
  expect(await learnt(snapshotPath(id))).toEqual(await learnt(fileOf(rows)));

  const pairs = seedQueue(2, 0, "pairs");
  const [one, two] = takeTasks(1, pairs, 2, 0);
  judge(1, { key: crypto.randomUUID(), itemId: one!.id, choice: { kind: "tie" }, activeMs: 1 }, 0);
  judge(1, { key: crypto.randomUUID(), itemId: two!.id, choice: { kind: "both_bad" }, activeMs: 1 }, 0);
  const frozen = createFreezer(0)(pairs, rowsFor("queue", { method: "kto" }))!;
  const answers = ["first 0", "second 0", "first 1", "second 1"];
  const same = answers.map((content, i) => ({
    prompt: [{ role: "user", content: `question ${i < 2 ? 0 : 1}` }],
    completion: [{ role: "assistant", content }],
    label: i < 2,
  }));
  expect(await learnt(snapshotPath(frozen.id))).toEqual(await learnt(fileOf(same)));
});
