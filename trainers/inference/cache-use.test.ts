import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { scratch } from "../../test/program";
import { rowsOf, shortRun } from "../../test/short-runs";
import { tokenizePrompt } from "../data/tokenize";
import { readModel } from "../models/load";
import { pageTokens } from "../models/native-model";

afterEach(() => void vi.unstubAllEnvs());

const prompts = ["river", "valley", "garden", "harbour"].map(
  (place) =>
    `Write a review of the film The Quiet ${place}, of which they say: ${"it is a film of its time. ".repeat(30)}`,
);
const train = join(scratch(), "prompts.jsonl");
writeFileSync(train, prompts.map((prompt) => JSON.stringify({ prompt })).join("\n"));

const reward = { rules: { repetition: { ngram: 1 } } };
const sampling = { maxCompletionLength: 24, numMiniBatches: 1 };
const run = (method: object) =>
  shortRun({
    ...{ model: { source: "tiny" }, adapter: { rank: 4, alpha: 8 }, data: { train, maxLength: 480 } },
    ...{ maxSteps: 1, ...method },
  });
const ppo = { method: "ppo", ppo: { ...sampling, rollouts: 4, numPpoEpochs: 1, reward } };

/** What is used at least, whatever the answers are: each of `rows` begins a page of its own behind the whole pages of its prompt. */
function leastUsed(prompt: number, rows: number): number {
  const whole = prompt - (prompt % pageTokens);
  return (whole + rows) / (whole + rows * pageTokens);
}

test.each([
  [1, ppo],
  [2, { method: "grpo", grpo: { ...sampling, prompts: 4, numGenerations: 2, numIterations: 1, reward } }],
  [1, { method: "nash-md", nashMd: { rounds: 1, promptsPerRound: 4, maxCompletionLength: 24, judge: reward } }],
])("answers to each prompt %i: no more of the pages is empty than the ends of rows", async (answers, method) => {
  const { tokenizer } = await readModel("tiny");
  const lengths = prompts.map((content) => tokenizePrompt(tokenizer, [{ role: "user", content }]).length);
  const least = Math.min(...lengths.map((length) => leastUsed(length, answers)));
  const { rows } = await rowsOf(run(method));
  const used = rows.at(-1)!.kv_cache_used!;
  expect(used).toBeGreaterThanOrEqual(least);
  expect(used).toBeLessThan(1);
  if (answers === 1) expect(least).toBeGreaterThan(0.95);
});

test("where a graph is compiled there are no pages, and nothing is said of them", async () => {
  vi.stubEnv("WORKBENCH_NATIVE", "off");
  const { rows } = await rowsOf(run(ppo));
  expect(rows.at(-1)).not.toHaveProperty("kv_cache_used");
});
