// What a reward model's scores do to documents. The reward model here counts words; the program at the end asks a real one.
import { appendFileSync, existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { file, program, scratch } from "../../test/program";
import { corpusConfig, type DroppedRow } from "./corpus-schema";
import { makeCorpus } from "./make-corpus";
import { restoreDocuments } from "./restore-documents";

const texts = ["One.", "One two.", "One two three.", "one  TWO three.", "One two three four."];
let [folder, model, out] = ["", "", ""];
let asked: string[][] = [];

beforeEach(() => {
  [folder, model, out] = [scratch(), scratch(), join(scratch(), "out")];
  asked = [];
  for (const [i, text] of texts.entries()) writeFileSync(join(folder, `${i}.txt`), text);
  writeFileSync(join(model, "adapter_model.safetensors"), "weights");
});

const rowsIn = <Row>(path: string): Row[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Row)
    : [];
const name = (id: string) => id.slice(folder.length + 1);

/** Scores by words; says of none with `refused` in it what it is worth, and dies after `until` of them. */
async function* countWords(file: string, until = Number.POSITIVE_INFINITY) {
  const rows = rowsIn<{ id: string; text: string }>(file);
  asked.push(rows.map(({ id }) => name(id)));
  for (const [i, { id, text }] of rows.entries()) {
    if (i === until) throw new Error("killed");
    const words = text.split(/\s+/).length;
    yield text.includes("refused")
      ? { id, score: null, problem: "the template refuses it" }
      : { id, score: words, problem: "" };
  }
}
const make = (min: number | null, until?: number, more: object = {}) => {
  const config = corpusConfig.parse({ rules: [], quality: { model, min }, ...more });
  const score = (_: unknown, file: string) => countWords(file, until);
  return makeCorpus({ folders: [folder], out, config, tested: new Set(), score, threads: 1 });
};
const kept = () =>
  rowsIn<{ id: string; score: number }>(join(out, "texts/00000.jsonl")).map(({ id, score }) => [name(id), score]);
const low = () =>
  rowsIn<DroppedRow>(join(out, "dropped/quality/00000.jsonl")).map(({ id, rule, detail }) => [name(id), rule, detail]);

test("documents with a lower score than the least are dropped, each with its score; what other steps drop has none", async () => {
  const report = await make(3);
  expect(asked).toEqual([["0.txt", "1.txt", "2.txt", "4.txt"]]); // 3.txt says the same as 2.txt
  expect(kept()).toEqual([
    ["2.txt", 3],
    ["4.txt", 4],
  ]);
  expect(low()).toEqual([
    ["0.txt", "score", "1"],
    ["1.txt", "score", "2"],
  ]);
  expect(report.steps.at(-1)).toMatchObject({
    step: "quality",
    dropped: { documents: 2, words: 3 },
    rules: { score: 2 },
  });
  expect(report.scores).toEqual({ documents: 4, tenths: [1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4] });
  expect(report.kept.documents).toBe(2);
});

test("another least score, and documents that are restored, ask for no score again", async () => {
  await make(null);
  expect(kept().map(([, score]) => score)).toEqual([1, 2, 3, 4]);
  await make(4);
  expect(kept()).toEqual([["4.txt", 4]]);
  const { config } = restoreDocuments(out, [join(folder, "0.txt")]);
  const report = await make(4, undefined, { keep: config.keep });
  expect(kept()).toEqual([
    ["0.txt", 1],
    ["4.txt", 4],
  ]);
  expect(report.steps.at(-1)).toMatchObject({ dropped: { documents: 2 }, restored: 1 });
  expect(asked).toHaveLength(1);
});

test("killed while it scores, it goes on where it was, with the same result", async () => {
  await make(3);
  const whole = readFileSync(join(out, "report.json"), "utf8");
  out = join(scratch(), "killed");
  asked = [];
  await expect(make(3, 2)).rejects.toThrow("killed");
  appendFileSync(join(out, "work/scores.jsonl"), '{"id":"torn');
  await make(3);
  expect(asked).toEqual([
    ["0.txt", "1.txt", "2.txt", "4.txt"],
    ["2.txt", "4.txt"],
  ]);
  expect(readFileSync(join(out, "report.json"), "utf8")).toBe(whole);
});

test("a document that cannot be scored is dropped with the reason, and the rest goes on; a program that ends early is an error", async () => {
  writeFileSync(join(folder, "1.txt"), "It is refused.");
  await make(null);
  expect(low()).toEqual([["1.txt", "unreadable", "the template refuses it"]]);
  out = join(scratch(), "short");
  const config = corpusConfig.parse({ rules: [], quality: { model } });
  async function* none() {}
  const given = makeCorpus({ folders: [folder], out, config, tested: new Set(), score: none, threads: 1 });
  await expect(given).rejects.toThrow("4 documents were to be scored, and 0 were");
});

test("a reward model that is not there, or has changed since, is named", async () => {
  await make(3);
  utimesSync(join(model, "adapter_model.safetensors"), 1, 1);
  await expect(make(3)).rejects.toThrow("begun with another reward model, or one that has changed since");
  const there = model;
  model = join(there, "none");
  await expect(make(3)).rejects.toThrow(/none is not at .*give a folder/);
});

test("the program has a reward model score the documents", () => {
  const golden = "data/golden/trajectories";
  const quality = { model: `${golden}/reward_init`, base: `${golden}/model`, prompt: "Is it good?" };
  const config = file("config.json", { rules: [], quality });
  const corpus = program("lib/cli.ts");
  const { status, stdout, stderr } = corpus("corpus", folder, `--out=${out}`, `--config=${config}`, "--threads=1");
  expect([status, stderr]).toEqual([0, expect.stringContaining("4 of 4 documents scored")]);
  const scores = kept().map(([, score]) => score as number);
  expect(new Set(scores).size).toBe(4);
  expect(JSON.parse(stdout).scores.tenths.at(-1)).toBe(Math.max(...scores));
});
