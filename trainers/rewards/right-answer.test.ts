// The right answer of a prompt's row: how it is compared, and its way from a file to a run's reward.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { silent } from "../run/observer";
import { run } from "../run/train";
import { isRight } from "./right-answer";

const rightAnswers = JSON.parse(readFileSync("data/golden/right-answers.json", "utf8")) as {
  cases: [truth: string, completion: string, right: boolean][];
};

test("a number is the right answer where math-verify 0.9.0 says so, in 500 completions", () => {
  const otherwise = rightAnswers.cases.filter(([truth, text, right]) => isRight(text, truth, "number") !== right);
  expect(rightAnswers.cases.length).toBe(500);
  expect(otherwise).toEqual([]);
});

const quantities = JSON.parse(readFileSync("data/golden/quantities.json", "utf8")) as typeof rightAnswers;

test("a quantity is the right answer where Pint 0.25.3 says so, in 300 completions", () => {
  const otherwise = quantities.cases.filter(([truth, text, right]) => isRight(text, truth, "quantity") !== right);
  expect(quantities.cases.length).toBe(300);
  expect(otherwise).toEqual([]);
});

test.each<[Parameters<typeof isRight>[2], string, string, boolean]>([
  ["choice", "B", "A is close, but the answer is (B).", true],
  ["choice", "B", "Answer: C", false],
  ["choice", "C", "It's C, I'd say", true], // neither the I nor the D of a word
  ["choice", "D", "I do not know", false],
  ["exact", "Paris", "The answer is  paris.", true],
  ["exact", "Paris", "Paris, France", false],
  ["contains", "Paris", "Paris, France", true],
  ["contains", "Rome", "<think>Rome?</think>Paris", false], // reasoning claims nothing
  ["number", "18 eggs", "Janet sells 9 * 2 = $18 every day.", true],
  ["number", "75 %", "\\boxed{\\frac{3}{4}}", true],
  ["number", "-2", "5-2", false], // a difference has no sign
  ["number", "7", "none", false],
  ["number", "3 km", "3000 m", false], // units are nothing to it
  ["quantity", "3 km", "It walks 3000 m in 2 steps, so the answer is 3,000 m in all", true],
  ["quantity", "3 km", "3", false],
  ["quantity", "3 km", "3 apples", false],
  ["quantity", "18 eggs", "18", true], // no unit to compare
  ["quantity", "-4 degrees Celsius", "−4 °C", true],
  ["quantity", "1/2 mile", "2640 ft", true],
  ["quantity", "6 in", "15.24 cm", true],
  ["quantity", "5 m", "\\boxed{5\\,\\mathrm{m}}", true],
  ["quantity", "5 m^2", "5 m", false],
  ["quantity", "60 km/h", "60 kilometers per hour", true],
  ["quantity", "1e-3 s", "1 ms", true],
  ["quantity", "1 ms", `${"5 s ".repeat(50_000)} and 0.001 s`, true],
])("%s: %s in %s: %s", (match, truth, text, right) => {
  expect(isRight(text, truth, match)).toBe(right);
});

/** The metrics of a run of one update over these rows. */
async function metricsOf(method: object, rows: object[]): Promise<MetricRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const config = runConfig.parse({
    ...{ model: { source: "tiny" }, adapter: { rank: 4, alpha: 8 }, output: join(folder, "run"), maxSteps: 1 },
    ...{ data: { train: join(folder, "rows.jsonl") }, ...method },
  });
  const found: MetricRow[] = [];
  await run(config, {
    observer: { ...silent, metrics: (row) => void found.push(row) },
    signal: new AbortController().signal,
  });
  return found;
}

const reward = (column: string) => ({ rules: { answer: { column, match: "contains", wrong: -1 } } });
const grpo = (column: string) => ({
  ...{ method: "grpo", batchSize: 4, sampleEvery: 1, samplePrompts: 2 },
  grpo: { prompts: 2, numGenerations: 2, maxCompletionLength: 4, reward: reward(column) },
});
const rows = [
  { prompt: "Review a film.", solution: "" },
  { prompt: "Name a number.", solution: "no answer of four tokens says this" },
];

test("it comes from the row's column to the reward of GRPO's samples and of its evaluation, and to iterative DPO's judge", async () => {
  const metrics = await metricsOf(grpo("solution"), rows); // every completion contains nothing: one prompt of two is always right
  expect(metrics.find(({ step }) => step === 1)).toMatchObject({ "score/answer": 0, "on_policy/reward": 0 });
  const judged = {
    ...{ method: "iterative-dpo", batchSize: 1 },
    iterativeDpo: {
      rounds: 1,
      promptsPerRound: 2,
      numGenerations: 2,
      maxCompletionLength: 4,
      judge: reward("solution"),
    },
  };
  await expect(metricsOf(judged, rows)).rejects.toThrow(/gave no pair: the judge ties all answers/);
});

test("a column that no row has is refused at its field; a row without a value is left out", async () => {
  await expect(metricsOf(grpo("answr"), rows)).rejects.toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/no row of .* has a column answr; columns found: prompt, solution/),
    }),
  );
  const metrics = await metricsOf(grpo("solution"), [...rows, { prompt: "Nobody knows." }]);
  expect(metrics.find(({ step }) => step === 1)).toMatchObject({ "score/answer": 0 });
});
