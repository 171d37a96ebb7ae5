import { expect, test } from "vitest";
import { exporters } from "../lib/datasets/snapshots/snapshot";
import { forms, parseCommandLine } from "./command-line.mjs";

const parse = (line: string) => parseCommandLine(line.split(" ").filter(Boolean));
const refusal = (line: string) => {
  const parsed = parse(line);
  return "refused" in parsed ? parsed.refused : "accepted";
};

test.each([...new Set(forms.map(({ name }) => name))].filter((name) => name !== "help"))(
  "W1: %s refuses an option that it does not know",
  (name) => {
    for (const { args } of forms.filter((form) => form.name === name)) {
      const names = args.replaceAll(/[[\]…]/g, "").replace("MODEL ADAPTER FILE.gguf", "m a f.gguf");
      expect(refusal(`${name} ${names} --frobnicate`)).toContain(`no option of ${name} --frobnicate`);
      expect(refusal(`${name} ${names} -x`)).toContain(`no option of ${name} -x`);
    }
  },
);

test.each([
  ["trian run.json", "no command trian; did you mean train?"],
  ["--rows items export q", "no command --rows"],
  ["train run.json --tokn x", "did you mean --tokens?"],
  ["train run.json --rows items", "no option of train --rows"],
  ["export queue --type F16", "no option of export --type"],
  ["export m f.gguf --rows items", "no option of export --rows"],
  ["train run.json --tokens", "--tokens needs a value"],
  ["train run.json --tokens --later", "--tokens needs a value, not --later"],
  ["train run.json --resume=yes", "--resume takes no value, and has yes"],
  ["export q --rows itmes", "--rows is one of pairs, kto,"],
  ["export q --rows kto --rows csv", "--rows is given twice"],
  ["train", "train does not take nothing"],
  ["train a.json b.json", "train does not take a.json b.json"],
  ["score q", "score QUEUE MODEL FOLDER"],
  ["study fronteir", "study frontier|over-optimisation|behaviour"],
  ["fetch llama", "fetch smollm2-135m-instruct"],
])("W1: `workbench %s` is refused: %s", (line, words) => expect(refusal(line)).toContain(words));

test.each([
  ["train run.json --tokens rows.json", "train", ["run.json"], { tokens: ["rows.json"] }],
  ["train run.json --resume --allow-changed", "train", ["run.json"], { resume: [""], "allow-changed": [""] }],
  ["train --start-over run.json", "train", ["run.json"], { "start-over": [""] }],
  ["train --tokens=-x run.json", "train", ["run.json"], { tokens: ["-x"] }],
  ["preflight run.json --later a --later b", "preflight", ["run.json"], { later: ["a", "b"] }],
  ["export m a f.gguf --type Q8_0", "export", ["m", "a", "f.gguf"], { type: ["Q8_0"] }],
  ["score -- --help m f", "score", ["--help", "m", "f"], {}],
  ["bench dpo sft --rounds 2", "bench", ["dpo", "sft"], { rounds: ["2"] }],
] as const)("`workbench %s` is understood", (line, name, args, options) => {
  expect(parse(line)).toMatchObject({ form: { name }, args, options });
});

test("W1: help lists every command with its options, and a command's help is its own", () => {
  const all = parse("--help");
  for (const { name, options = {} } of forms)
    for (const word of [name, ...Object.keys(options)]) expect("help" in all && all.help).toContain(word);
  expect(parse("help")).toEqual(all);
  const own = parse("train --help");
  expect("help" in own && own.help).toContain("--tokens");
  expect("help" in own && own.help).not.toContain("merge");
});

test("W1: the rows that export takes are those that can be written", () => {
  const { options } = forms.find(({ name, args }) => name === "export" && args === "QUEUE")!;
  expect(options!.rows!.split("|").sort()).toEqual(Object.keys(exporters).sort());
});
