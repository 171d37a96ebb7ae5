import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { rewardSource } from "../../../spec/fields/rewards";
import { loadModel } from "../../models/load";
import { createReward } from "../rewards";
import { arithmeticPrompt } from "./arithmetic";
import { stringPrompts } from "./strings";
import { goldRewardFor, taskReward } from "./tasks";

test.each([
  ["2 + 3 * 4", "3 * 4 = 12\n2 + 12 = 14\n#### 14", 2], // answer and both steps
  ["2 + 3 * 4", "#### 14", 1],
  ["2 + 3 * 4", "3*4=12\n#### 14.", 1.5], // one step of two
  ["2 + 3 * 4", "3 * 4 = 12\n2 + 12 = 15\n#### 15", 0], // half the steps, and one of two equations is false
  ["2 + 3 * 4", "2 + 3 = 5\n5 * 4 = 20\n#### 20", 0], // true, but not the steps to take
  ["2 + 3 * 4", "1 + 1 = 3\n1 + 1 = 4", -1],
  ["5 - 9 + 1", "5 - 9 = -4\n-4 + 1 = -3\n#### -3", 2],
  ["5 - 9 + 1", "5 - 9 + 1 = -3\n#### -3", 1], // three numbers make no step, and no false one either
  ["5 - 9 + 1", "#### -3\nOr #### 4", 0], // the last one counts
  ["5 - 9 + 1", "The answer is -3", 0],
])("arithmetic, %s: %j scores %d", (expression, answer, score) => {
  expect(taskReward("arithmetic", arithmeticPrompt(expression), answer)).toBeCloseTo(score, 12);
});

test.each([
  ['Write "lemon" backwards.', "nomel", 1],
  ['Write "lemon" backwards.', '"nomel".', 1],
  ['Write "lemon" backwards.', "lemon", 0.2], // of different letters backwards only one can be in common
  ['Write "lemon" in capital letters.', "lemon", 0],
  ['Write "lemon" without its vowels.', "lmn and more", (2 * 3) / (3 + 12)],
  ['Write "lemon" with each letter twice.', "lleemmoonn", 1],
  ['Write "lemon" with its first letter at the end.', "", 0],
])("strings, %s %j scores %d", (prompt, answer, score) => {
  expect(taskReward("strings", prompt, answer)).toBeCloseTo(score, 12);
});

test.each([
  ["Sort from small to large: 30, 4, 95.", "4, 30, 95", 1],
  ["Sort from small to large: 30, 4, 95.", "95 30 4", 0],
  ["Sort from large to small: 30, 4, 95.", "95\n4\n30", 2 / 3], // one pair of three is out of order
  ["Sort from large to small: 30, 4, 95.", "95, 30", -1 / 3],
  ["Sort from large to small: 30, 4, 95.", "95, 30, 30, 4, 7", -2 / 3], // one again, and one that nobody asked for
  ["Sort from large to small: 30, 4, 95.", "I would not know how to do that", -1],
  ["Sort in alphabetical order: river, lemon.", "Lemon, river", 1],
])("sorting, %s %j scores %d", (prompt, answer, score) => {
  expect(taskReward("sorting", prompt, answer)).toBeCloseTo(score, 12);
});

interface Row {
  prompt: { role: "user"; content: string }[];
  completion: { content: string }[];
}
const rowsOf = (name: string) =>
  gunzipSync(readFileSync(`data/samples/${name}.jsonl.gz`))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

test.each([
  ["arithmetic", 400, 2],
  ["strings", 150, 1],
  ["sorting", 400, 1],
] as const)(
  "%s: each of %d sample rows is its own task's, and its completion scores the most, %d",
  (name, count, most) => {
    const rows = rowsOf(name);
    expect(new Set(rows.map(({ prompt }) => prompt[0]!.content)).size).toBe(count);
    for (const { prompt, completion } of rows) {
      expect(goldRewardFor(prompt, completion[0]!.content)).toBe(most);
      for (const other of ["film-reviews", "arithmetic", "strings", "sorting"] as const)
        if (other !== name) expect(taskReward(other, prompt, completion[0]!.content)).toBeNull();
    }
  },
);

test("prompts of nobody's have no oracle reward, and a long answer is told in no time", () => {
  for (const prompt of [
    "Compute 2 + x.",
    'Write "lemon" toString.',
    "Sort by size: 1, 2.",
    "Sort from small to large: 1.",
  ])
    expect(goldRewardFor(prompt, "2")).toBeNull();
  expect(taskReward("strings", stringPrompts()[0]!, "ab".repeat(50_000))).toBeLessThan(0.001);
});

test("a run's oracle scores its own task's prompts, and names itself where it is asked another's", async () => {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const reward = createReward(rewardSource.parse({ gold: "sorting" }), true, model, tokenizer);
  const answered = (prompt: string, text: string) => [{ prompt, query: [1], response: tokenizer.encode(text) }];
  expect(reward(answered("Sort from small to large: 3, 1.", "1, 3")).scores).toEqual([1]);
  expect(() => reward(answered('Write "lemon" backwards.', "nomel"))).toThrow(
    'the oracle scorer of sorting knows its own prompts only; "Write \\"lemon\\" backwards." is none of them',
  );
});
