import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { file, scratch } from "../../test/program";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "../run/prepare";
import type { Example } from "./dataset";
import { mixed } from "./mixed";

function set(name: string, rows: number, weight?: number): Example<string>[] {
  const of = weight === undefined ? {} : { set: { source: name, weight } };
  return Array.from({ length: rows }, (_, i) => ({ ...{ tokens: `${name}${i}`, prompt: null, promptIds: [] }, ...of }));
}
const tokens = (examples: Example<string>[]) => examples.map(({ tokens }) => tokens);

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
  const count = (name: string) => dataset.train.filter(({ prompt }) => String(prompt).startsWith(name)).length;
  expect([count("first"), count("second")]).toEqual([8, 4]);
  expect([groups.train.length, groups.heldOut.length, tokenFileRows.length]).toEqual([8, 3, 8]);
  expect(dataset.notes).toContain("by their weights an epoch holds 12 rows of 8");
});

test("sets of equal weight are each drawn from, not as one; a prompt of two sets is asked by both weights, and KTO's hint counts as an epoch does", async () => {
  const halves = tokens(mixed([...set("a", 10, 0.5), ...set("b", 10, 0.5)], 0));
  expect(halves.filter((one) => one.startsWith("a"))).toHaveLength(5);
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
  expect(dataset.train.filter(({ prompt }) => prompt === "a?").length).toBeGreaterThanOrEqual(2);
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
