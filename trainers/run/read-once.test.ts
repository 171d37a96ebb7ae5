// Runs that are examined together: each report as if it were alone, and what they share read once.
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { file, program, scratch } from "../../test/program";
import { readModel } from "../models/load";
import { readOnce } from "./read-once";
import { examine } from "./validate-run";

const rows = ["first", "second", "third"].map((text) => ({
  prompt: [{ role: "user", content: `Say the ${text} word.` }],
  chosen: [{ role: "assistant", content: `The ${text} word.` }],
  rejected: [{ role: "assistant", content: "No." }],
}));
const train = file("rows.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
const run = (changes: object) => ({
  method: "dpo",
  model: { source: "tiny" },
  data: { train },
  output: scratch(),
  ...changes,
});

test("each report is what it is alone", async () => {
  const read = readOnce();
  for (const changes of [
    {},
    { optimizer: { learningRate: 1e-3 } },
    { data: { train, maxLength: 64 } },
    { method: "reward" },
  ]) {
    const config = runConfig.parse(run(changes));
    expect(await examine(config, [], read)).toEqual(await examine(config, []));
  }
});

test("a model is read once, and ids that somebody changes are not another's", async () => {
  const read = readOnce();
  const { tokenizer } = await read("tiny");
  expect((await read("tiny")).tokenizer).toBe(tokenizer);
  const { tokenizer: plain } = await readModel("tiny");
  const messages = rows[0]!.prompt.map(({ content }) => ({ role: "user" as const, content }));
  for (const prompt of [true, false]) {
    const expected = plain.conversation(messages, prompt);
    tokenizer.conversation(messages, prompt).push(-1);
    expect(tokenizer.conversation(messages, prompt)).toEqual(expected);
  }
  tokenizer.encode("a word").push(-1);
  expect(tokenizer.encode("a word")).toEqual(plain.encode("a word"));
  expect(tokenizer.document("a word")).toEqual(plain.document("a word"));
});

test("the command reports on each; the first that cannot work is named, and ends it", () => {
  const [good, bad] = [file("good.json", run({})), file("bad.json", run({ data: { train: "nowhere.jsonl" } }))];
  const { status, stdout, stderr } = program("trainers/cli.ts")("preflight", good, bad, good);
  const said = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(said).toEqual([
    expect.objectContaining({ rows: { train: 3, heldOut: 0 } }),
    expect.objectContaining({ path: "data.train" }),
  ]);
  expect(stderr).toContain(`${bad}: data.train: `);
  expect(status).toBe(2);
});
