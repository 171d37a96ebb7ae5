// What is told of a file before it is imported, and files whose columns somebody maps.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rowMapping } from "../../spec/row-mapping";
import { datasetCard, filesOfSplit } from "./dataset-card";
import { describedSets } from "./dataset-info";
import { rowRecords } from "./expand";
import { readRow } from "./formats";
import { signatureOf } from "./mapping";
import { recognise } from "./recognise";

const layout = (name: string) => join("data", "layouts", name);
const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
let files = 0;
const fileOf = (...rows: object[]) => {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
};

test("C12: a file is recognised: its layout, its kind, and what each column is taken for", async () => {
  expect(await recognise(layout("alpaca-kto.json"))).toMatchObject({
    layouts: [{ name: "Alpaca", rows: 2 }],
    kinds: [{ kind: "unpaired", rows: 2, first: 2 }],
    columns: [
      { name: "instruction", takenFor: "the prompt" },
      { name: "input", takenFor: "what the prompt goes on with" },
      { name: "output", takenFor: "the answer" },
      { name: "kto_tag", takenFor: "good or bad" },
    ],
    good: 2,
    left: 0,
  });
  const helpful = await recognise(layout("helpsteer3.jsonl"));
  expect(helpful.columns).toContainEqual({ name: "response1", takenFor: "the first answer" });
  expect(helpful.columns).toContainEqual({ name: "domain", takenFor: null });
});

test("C16: of a file that mixes layouts each kind is told with its first line, and bad rows by theirs", async () => {
  const pair = { prompt: "p", chosen: "a", rejected: "b" };
  const found = await recognise(fileOf(pair, { text: "t" }, { promt: "p" }, pair));
  expect(found.kinds).toEqual([
    { kind: "pairs", rows: 2, first: 1 },
    { kind: "text", rows: 1, first: 2 },
  ]);
  expect(found).toMatchObject({
    good: 3,
    left: 1,
    bad: [{ line: 3, reason: expect.stringContaining("columns found: promt") }],
  });
  expect((await recognise(fileOf(pair, pair, pair), { rows: 2 })).good).toBe(2);
});

const read = async (path: string, mapping: object) => {
  const rows = [];
  for await (const record of rowRecords(path, { mapping: rowMapping.parse(mapping) }))
    rows.push("reason" in record ? record.reason : readRow(record.value));
  return rows;
};

test("C12: columns, fields of turns and names of speakers are mapped by hand", async () => {
  const asked = { Frage: "2+2?", gut: "4", schlecht: "5", prompt: "not this one" };
  expect(
    await read(fileOf(asked), { columns: { Frage: "prompt", gut: "chosen", schlecht: "rejected" } }),
  ).toMatchObject([{ kind: "preference", prompt: "2+2?", chosen: "4", rejected: "5" }]);
  const turns = [
    { wer: "Kundin", was: "2+2?" },
    { wer: "Hilfe", was: "4" },
  ];
  const mapping = {
    columns: { Gespräch: "messages", id: "ignore" },
    turn: { role: "wer", content: "was" },
    speakers: { Kundin: "user", Hilfe: "assistant" },
  };
  const [row] = await read(fileOf({ Gespräch: turns, id: 7 }), mapping);
  expect(row).toMatchObject({ kind: "completion", prompt: [{ role: "user", content: "2+2?" }], unused: [] });
});

test("C16: a mapping none of whose columns a row has is named with what was found", async () => {
  expect(await read(fileOf({ a: 1 }), { columns: { Frage: "prompt" } })).toEqual([
    "columns found: a; the mapping expects Frage",
  ]);
  expect(() => rowMapping.parse({ columns: { a: "promt" } })).toThrow(/Invalid option/);
});

test("C12: the same columns in another order have the same signature", () => {
  expect(signatureOf(["b", "a"])).toBe(signatureOf(["a", "b"]));
  expect(signatureOf(["a"])).not.toBe(signatureOf(["a", "b"]));
});

test("C12: LLaMA-Factory's dataset_info.json gives a mapping for each of its sets, by which its rows are read", async () => {
  const sets = describedSets(JSON.parse(readFileSync(layout("dataset_info.json"), "utf8")));
  expect(sets.map(({ name, file, hub }) => [name, file, hub])).toEqual([
    ["tea_pairs", "dataset_info-rows.json", null],
    ["tea_hub", null, { id: "someone/tea", config: "green", split: "train" }],
  ]);
  expect(await read(layout(sets[0]!.file!), sets[0]!.mapping)).toMatchObject([
    {
      kind: "preference",
      prompt: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "How long should green tea steep?" },
      ],
      chosen: [{ role: "assistant", content: "Two minutes." }],
      rejected: [{ role: "assistant", content: "A day." }],
    },
  ]);
});

test("C16: a field of dataset_info.json that LLaMA-Factory does not have is refused by its name", () => {
  const only = (column: string) =>
    describedSets({ a: { file_name: "a.jsonl", columns: { prompt: column } } })[0]!.mapping;
  expect([only("text").columns, only("question").columns]).toEqual([{ text: "text" }, { question: "instruction" }]);
  expect(() => describedSets({ a: { file_nam: "x" } })).toThrow(/file_nam/);
  expect(() => describedSets({ a: { file_name: "x", formatting: "sharegtp" } })).toThrow(/Invalid option/);
});

const readme = `---
license: apache-2.0
language: [en, de]
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
  - split: test
    path: data/test-*.parquet
- config_name: extra
  data_files: extra/*.jsonl
---
# Tea`;

test("C12: a dataset card says which files belong to a configuration and a split; without one their names do", () => {
  const card = datasetCard(readme);
  expect(card).toMatchObject({ license: ["apache-2.0"], languages: ["en", "de"] });
  const paths = ["data/train-0.parquet", "data/train-1.parquet", "data/test-0.parquet", "extra/a.jsonl"];
  expect(filesOfSplit(card, paths, null, "train")).toEqual(paths.slice(0, 2));
  expect(filesOfSplit(card, paths, "extra", "train")).toEqual(["extra/a.jsonl"]);
  expect(() => filesOfSplit(card, paths, "other", "train")).toThrow("there are default, extra");
  expect(() => filesOfSplit(card, paths, null, "dev")).toThrow("there are train, test");
  expect(filesOfSplit(null, paths, null, "test")).toEqual(["data/test-0.parquet"]);
  expect(filesOfSplit(null, ["a.jsonl", "b.jsonl"], null, "train")).toEqual(["a.jsonl", "b.jsonl"]);
  expect(datasetCard("# Tea")).toBeNull();
  expect(() => datasetCard("---\na: [\n---")).toThrow(/no YAML/);
});
