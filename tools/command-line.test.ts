import { expect, test } from "vitest";
import { exportNames } from "../lib/datasets/snapshots/export-filter";
import { exporters } from "../lib/datasets/snapshots/snapshot";
import { printed } from "../test/printed";
import { file } from "../test/program";
import { choose, programs } from "./command-line";

const said = printed();

const words = (line: string) => line.split(" ").filter(Boolean);
const refusal = async (line: string) => {
  expect(await choose(words(line))).toBe(2);
  expect(said.out).toBe("");
  return said.problems;
};

const all = programs.flatMap(({ commands }) => commands);

test.each(all.map((command) => command.name()))("W1: %s refuses an option that it does not know", async (name) => {
  const { registeredArguments: names, options } = all.find((command) => command.name() === name)!;
  const asked = options.filter(({ mandatory }) => mandatory).map(({ long }) => `${long} 1`);
  const given = [...names.map(({ argChoices }) => argChoices?.[0] ?? "x"), ...asked].join(" ");
  expect(await refusal(`${name} ${given} --frobnicate`)).toContain("unknown option '--frobnicate'");
  expect(await refusal(`${name} ${given} -x`)).toContain("unknown option '-x'");
});

test.each([
  ["trian run.json", "unknown command 'trian'\n(Did you mean train?)"],
  ["--rows items export q", "unknown option '--rows'"],
  ["train run.json --tokn x", "(Did you mean --tokens?)"],
  ["train run.json --rows items", "unknown option '--rows'"],
  ["export queue --type F16", "unknown option '--type'"],
  ["export m f.gguf --rows items", "unknown option '--rows'"],
  [
    "export-gguf m f.gguf --type Q4",
    "Allowed choices are F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_1, Q5_0, Q4_K_M, Q4_1, Q4_0",
  ],
  ["train run.json --tokens", "option '--tokens <file>' argument missing"],
  ["train run.json --tokens --resume", "option '--tokens <file>' has no value; one that begins with a dash is"],
  ["train run.json --resume=yes", "unknown option '--resume=yes'"],
  ["export q --rows itmes", "Allowed choices are pairs, kto,"],
  ["export q --rows kto --rows csv", "It is given twice"],
  ["train", "missing required argument 'run.json'"],
  ["train a.json b.json", "too many arguments for 'train'. Expected 1 argument but got 2."],
  ["score q", "missing required argument 'model'"],
  ["study fronteir", "Allowed choices are frontier, over-optimisation, behaviour"],
  ["fetch llama", "Allowed choices are smollm2-135m-instruct"],
])("W1: `workbench %s` is refused: %s", async (line, sentence) => {
  expect(await refusal(line)).toContain(sentence);
});

test.each([
  ["train run.json --tokens rows.json", "trainers/cli.ts", "train run.json --tokens rows.json"],
  ["train --tokens=-x run.json", "trainers/cli.ts", "train --tokens=-x run.json"],
  [
    "train --record One run.json --resume",
    "lib/cli.ts",
    "with-database --record=One -- run.json train run.json --resume",
  ],
  ["train run.json --record=One", "lib/cli.ts", "with-database --record=One -- run.json train run.json"],
  ["preflight run.json --later a --later b", "trainers/cli.ts", "preflight run.json --later a --later b"],
  ["generate gen.json", "trainers/cli.ts", "generate gen.json"],
  ["score -- --help m f", "lib/cli.ts", "score -- --help m f"],
  ["bench dpo sft --rounds 2", "tools/bench/bench.ts", "dpo sft --rounds 2"],
  ["study frontier", "tools/studies/study.ts", "frontier"],
  ["fetch smollm2-135m-instruct", null, "fetch smollm2-135m-instruct"],
])("`workbench %s` is what %s does", async (line, entry, rest) => {
  expect(await choose(words(line))).toMatchObject({ entry, words: words(rest) });
});

test("a run that names a dataset anywhere is done with the database", async () => {
  const data = { train: [{ dataset: "sums", weight: 2 }, "file.json"] };
  const run = file("run.json", { method: "dpo", model: { source: "tiny" }, output: "out", data });
  expect(await choose(["train", run])).toMatchObject({ entry: "lib/cli.ts" });
  const files = file("run.json", {
    method: "dpo",
    model: { source: "tiny" },
    output: "out",
    data: { train: ["a.json"] },
  });
  expect(await choose(["train", files])).toMatchObject({ entry: "trainers/cli.ts" });
});

test("sampling from the prompts of a dataset is done with the database", async () => {
  const path = file("gen.json", { model: { source: "tiny" }, prompts: "labelled:7" });
  expect(await choose(["generate", path])).toMatchObject({
    entry: "lib/cli.ts",
    words: ["with-database", "--", path, "generate", path],
  });
});

test.each([
  ["doctor", "trainers/cli.ts", "env"],
  ["doctor My-queue", "lib/cli.ts", "check-data My-queue"],
  ["export m f.gguf", "trainers/cli.ts", "export-gguf -- m f.gguf"],
  ["export m.gguf a f.gguf --type Q8_0", "trainers/cli.ts", "export-gguf --adapter=a --type Q8_0 -- m.gguf f.gguf"],
  ["export --type=Q8_0 m -- -f.gguf", "trainers/cli.ts", "export-gguf --type=Q8_0 -- m -f.gguf"],
  ["export queue.gguf --rows csv", "lib/cli.ts", "export queue.gguf --rows csv"],
])("the earlier `workbench %s` is still understood", async (line, entry, rest) => {
  expect(await choose(words(line))).toMatchObject({ entry, words: words(rest) });
});

test("W1: help lists every command, and a command's help is its own, with its options", async () => {
  expect(await choose([])).toBe(0);
  for (const command of all) expect(said.out).toContain(`\n  ${command.name()} `);
  const whole = said.out;
  for (const same of ["help", "--help", "-h"]) {
    said.out = "";
    expect(await choose([same])).toBe(0);
    expect(said.out).toBe(whole);
  }
  said.out = "";
  expect(await choose(["train", "--help"])).toBe(0);
  expect(said.out).toContain("--tokens");
  expect(said.out).not.toContain("merge");
  for (const command of all) {
    said.out = "";
    expect(await choose([command.name(), "--help"])).toBe(0);
    for (const { long } of command.options) expect(said.out).toContain(long);
  }
});

test("W1: the rows that export takes are those that can be written", () => {
  expect(exportNames.toSorted()).toEqual(Object.keys(exporters).sort());
});
