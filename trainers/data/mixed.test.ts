import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { file, scratch } from "../../test/program";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "../run/prepare";
import type { Example } from "./dataset";
import { epochOf, type Rows } from "./epochs";
import { mixed } from "./mixed";
import { batchRows } from "./row-batches";

const set = (name: string, rows: number, weight?: number): Example<string>[] => {
  const own = weight === undefined ? {} : { set: { source: name, weight } };
  return Array.from({ length: rows }, (_, i) => ({ tokens: `${name}${i}`, prompt: null, promptIds: [], ...own }));
};
const tokens = (examples: Rows<Example<string>>, epoch = 0) => epochOf(examples, epoch).map(({ tokens }) => tokens);

test("rows without weights are the same list; with them a set comes as often as its weight says, a fraction by the seed", () => {
  const plain = set("a", 3);
  expect(mixed(plain, 0)).toBe(plain);
  const rows = [...set("a", 2, 2), ...set("b", 10, 0.3), ...set("c", 2, 1)];
  const epoch = tokens(mixed(rows, 0));
  expect(epoch.slice(0, 4)).toEqual(["a0", "a1", "a0", "a1"]);
  expect(epoch.slice(-2)).toEqual(["c0", "c1"]);
  const some = epoch.slice(4, -2);
  expect(some).toHaveLength(3); // 0.3 of ten
  expect(new Set(some).size).toBe(3);
  expect(tokens(mixed(rows, 0))).toEqual(epoch);
  const others = Array.from({ length: 5 }, (_, seed) =>
    tokens(mixed(rows, seed + 1))
      .slice(4, -2)
      .join(),
  );
  expect(others.some((one) => one !== some.join())).toBe(true);
  expect(tokens(mixed(set("a", 4, 1.5), 0))).toHaveLength(6);
});

test("a fraction is drawn anew in each epoch, as many rows of it: after 1/weight epochs every row has come as often as any other", () => {
  for (const [rows, weight] of [
    [10, 0.5],
    [12, 0.25],
    [10, 1.2],
  ] as const) {
    const epochs = mixed(set("a", rows, weight), 3);
    const all = Array.from({ length: Math.round(1 / (weight % 1)) }, (_, epoch) => tokens(epochs, epoch));
    expect(all.map(({ length }) => length)).toEqual(all.map(() => rows * weight));
    const times = new Map<string, number>();
    for (const row of all.flat()) times.set(row, (times.get(row) ?? 0) + 1);
    expect([...times.values()]).toEqual(Array.from({ length: rows }, () => (all.length * rows * weight) / rows));
  }
});

test("two sets of one weight are drawn from one by one, and the rows of a step depend on nothing but the step", () => {
  const rows = [...set("a", 4, 0.5), ...set("b", 4, 0.5)];
  const step = (index: number, epochs = mixed(rows, 1)) => batchRows(epochs, 3, index, "shuffled", 1);
  const straight = mixed(rows, 1);
  for (let epoch = 0; epoch < 4; epoch++)
    expect(tokens(straight, epoch).map((name) => name[0])).toEqual(["a", "a", "b", "b"]);
  const inOrder = [0, 1, 2, 3, 4, 5].map((index) => step(index, straight));
  for (const index of [5, 2, 0]) expect(step(index)).toEqual(inOrder[index]);
});

const lines = (name: string, rows: number) =>
  Array.from({ length: rows }, (_, i) => JSON.stringify({ prompt: `${name} ${i}?`, completion: `${name} ${i}.` })).join(
    "\n",
  );

test("several files are one epoch by their weights, each read to the row limit; what is held out and evaluated is not repeated", async () => {
  const [first, second] = [file("first.jsonl", lines("first", 6)), join(scratch(), "second.jsonl")];
  writeFileSync(second, lines("second", 6));
  const config = runConfig.parse({
    ...{ method: "sft", model: { source: "tiny" }, output: "x" },
    data: { train: [{ file: first, weight: 2 }, second], eval: file("eval.jsonl", lines("third", 3)), maxRows: 4 },
  });
  const { dataset, groups, tokenFileRows } = await prepareData(config, readTokenizer("data/tiny"));
  const count = (name: string) =>
    epochOf(dataset.train, 0).filter(({ prompt }) => String(prompt).startsWith(name)).length;
  expect([count("first"), count("second")]).toEqual([8, 4]);
  expect([groups.train.length, groups.heldOut.length, tokenFileRows.length]).toEqual([8, 3, 8]);
  expect(dataset.notes).toContain("by their weights an epoch holds 12 rows of 8");
});

test("a prompt of two sets is asked by both weights, and KTO's hint counts as an epoch does", async () => {
  const write = (name: string, rows: object[]) => file(name, rows.map((row) => JSON.stringify(row)).join("\n"));
  const prompts = ["a?", "b?", "c?", "d?"].map((prompt) => ({ prompt }));
  const shared = { model: { source: "tiny" }, output: "x" };
  const asked = runConfig.parse({
    ...{ ...shared, method: "ppo", ppo: { reward: { gold: "film-reviews" } } },
    data: {
      train: [
        { file: write("twice.jsonl", [...prompts, prompts[0]!]), weight: 2 },
        { file: write("half.jsonl", prompts), weight: 0.5 },
      ],
    },
  });
  const { dataset } = await prepareData(asked, readTokenizer("data/tiny"));
  expect(dataset.train).toHaveLength(2 * 4 + 0.5 * 4);
  const inTwoEpochs = [0, 1].flatMap((epoch) => epochOf(dataset.train, epoch));
  for (const { prompt } of prompts) expect(inTwoEpochs.filter((row) => row.prompt === prompt)).toHaveLength(2 * 2.5);
  const answers = (label: boolean) =>
    Array.from({ length: 10 }, (_, i) => ({ prompt: `${i}?`, completion: `${label}`, label }));
  const kto = runConfig.parse({
    ...{ ...shared, method: "kto" },
    data: {
      train: [
        { file: write("good.jsonl", answers(true)), weight: 3 },
        { file: write("bad.jsonl", answers(false)), weight: 0.5 },
      ],
    },
  });
  const { notes } = (await prepareData(kto, readTokenizer("data/tiny"))).dataset;
  expect(notes).toContainEqual(expect.stringMatching(/^30 good answers and 5 bad ones weigh 6.00 to 1/));
});

test("one file in a list is trained on as the same file alone", async () => {
  const path = file("alone.jsonl", lines("row", 5));
  const read = (train: unknown) =>
    prepareData(
      runConfig.parse({ method: "sft", model: { source: "tiny" }, output: "x", data: { train } }),
      readTokenizer("data/tiny"),
    );
  const [alone, listed] = [await read(path), await read([{ file: path }])];
  expect(listed.dataset).toEqual(alone.dataset);
});

test("what names a dataset is no path", async () => {
  const config = runConfig.parse({
    ...{ method: "sft", model: { source: "tiny" }, output: "x" },
    data: { train: [{ dataset: "sums", weight: 2 }, "rows.jsonl"] },
  });
  await expect(prepareData(config, readTokenizer("data/tiny"))).rejects.toThrow(
    "dataset:sums is a dataset of the workbench",
  );
});
