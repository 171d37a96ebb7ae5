import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { program, scratch } from "../../test/program";
import { golden } from "../../test/short-runs";
import { loadModel } from "../models/load";
import { openRewardModel } from "./reward-model";
import { scoreTexts, tokensRead } from "./score-texts";

const base = `${golden}/model`;
const folder = `${golden}/reward_init`;
const texts = ["The story is warm.", "It is dull and cold, and too long.", "A superb cast. ".repeat(400)];

function fileOf(some: string[]): string {
  const file = join(scratch(), "texts.jsonl");
  writeFileSync(file, some.map((text, i) => `${JSON.stringify({ id: `${i}`, text })}\n`).join(""));
  return file;
}
async function scoresOf(some: string[], prompt: string | null = null) {
  const found = [];
  for await (const one of scoreTexts(folder, fileOf(some), { base, prompt })) found.push(one);
  return found;
}

test("a document has the score of the row that training makes of it, whichever stand beside it", async () => {
  const { model, tokenizer } = await loadModel({ source: base, dtype: "float32" });
  const scorer = openRewardModel(folder, model, tokenizer);
  const short = texts.slice(0, 2);
  const asked = [{ role: "user", content: "Is it good?" }];
  const plain = short.map((text) => scorer.score([scorer.row("", text)])[0]);
  const answers = short.map((text) => scorer.score([scorer.row(asked, [{ role: "assistant", content: text }])])[0]);
  expect((await scoresOf(texts)).slice(0, 2).map(({ score }) => score)).toEqual(plain);
  expect((await scoresOf(short, "Is it good?")).map(({ score }) => score)).toEqual(answers);
  expect(await scoresOf([texts[1]!])).toMatchObject([{ score: plain[1] }]);
});

test("of a long document the beginning is read", async () => {
  const { model, tokenizer } = await loadModel({ source: base, dtype: "float32" });
  const scorer = openRewardModel(folder, model, tokenizer);
  const ids = tokenizer.encode(texts[2]!);
  expect(ids.length).toBeGreaterThan(tokensRead);
  const around = scorer.row("", texts[0]!).input_ids.length - tokenizer.encode(texts[0]!).length;
  const row = scorer.row("", tokenizer.decode(ids.slice(0, tokensRead - around)));
  expect(row.input_ids).toHaveLength(tokensRead);
  expect((await scoresOf(texts))[2]).toEqual({ id: "2", score: scorer.score([row])[0], problem: "" });
  const prompt = "Is it good? ".repeat(400);
  expect(await scoresOf(["It is."], prompt)).toEqual([
    { id: "0", score: null, problem: `the prompt leaves no room for it in ${tokensRead} tokens` },
  ]);
});

test("the program prints a line each; a folder that is no reward model is refused by name", () => {
  const run = program("trainers/cli.ts");
  const { status, stdout } = run("score-texts", folder, fileOf(texts.slice(0, 2)), `--base=${base}`);
  expect(status).toBe(0);
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => Object.keys(JSON.parse(line))),
  ).toEqual([
    ["id", "score", "problem"],
    ["id", "score", "problem"],
  ]);
  const other = run("score-texts", `${golden}/adapter_init`, fileOf(texts), `--base=${base}`);
  expect(other.status).toBe(1);
  expect(other.stderr).toMatch(
    /adapter_init\/adapter_model\.safetensors: score\.weight should be \[1,\d+\] and is missing/,
  );
});
