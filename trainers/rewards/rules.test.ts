import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rewardSource } from "../../spec/fields/rewards";
import { rulesOf } from "./rules";

const scoreOf = (rules: object, text: string, tokens = 10) =>
  rulesOf(rewardSource.parse({ rules }).rules).map(({ name, weight, score }) => [
    name,
    weight,
    score({ text, ids: Array<number>(tokens).fill(0) }),
  ]);

test("length is 1 inside the bounds and falls with the distance outside", () => {
  const at = (tokens: number) => scoreOf({ length: { min: 4, max: 10 } }, "", tokens)[0]![2];
  expect([0, 2, 4, 10, 15, 20, 40].map(at)).toEqual([0, 0.5, 1, 1, 0.5, 0, 0]);
});

test("format counts the parts that stand in their order", () => {
  const format = { parts: ["<think>", "</think>", "Answer:"] };
  const at = (text: string) => scoreOf({ format }, text)[0]![2];
  expect(at("<think>a</think> Answer: b")).toBe(1);
  expect(at("</think><think>Answer:")).toBeCloseTo(2 / 3); // the closing part stands before the opening one
  expect(at("b")).toBe(0);
});

test("pattern and JSON are 1 or 0, and each rule keeps its name and weight", () => {
  const rules = { pattern: { expression: "^\\{.*\\}$", weight: 2 }, json: {} };
  expect(scoreOf(rules, '{"a": 1}')).toEqual([
    ["pattern", 2, 1],
    ["json", 1, 1],
  ]);
  expect(scoreOf(rules, "{a: 1}")).toEqual([
    ["pattern", 2, 1],
    ["json", 1, 0],
  ]);
});

test.each([
  [{}, "give a reward model, an oracle reward, an address, a function, a grader or a rule"],
  [{ rules: { pattern: { expression: "(" } } }, "not a JavaScript regular expression"],
  [{ rules: { length: { min: 9, max: 3 } } }, "min is greater than max"],
  [{ rules: { overlong: { max: 3, margin: 4 } } }, "margin is greater than max"],
])("%j is refused: %s", (source, reason) => {
  expect(rewardSource.safeParse(source).error?.message).toContain(reason);
});

interface Golden {
  completions: number[][];
  repetition: Record<string, number[]>;
  overlong: { max: number; margin: number; rewards: number[] }[];
  texts: string[];
  think: number[];
}
const golden = JSON.parse(readFileSync("data/golden/rule-rewards.json", "utf8")) as Golden;

/** The largest difference between a rule and TRL 1.16.0's function. */
function distance(rules: object, answers: { text: string; ids: number[] }[], wanted: number[]): number {
  const { score } = rulesOf(rewardSource.parse({ rules }).rules)[0]!;
  expect(answers.length).toBe(wanted.length);
  return Math.max(...answers.map((answer, i) => Math.abs(score(answer) - wanted[i]!)));
}

test("reasoning in tags, overlong and repetition say what TRL's functions say of 200 completions", () => {
  const answers = golden.completions.map((ids) => ({ text: "", ids }));
  for (const [n, rewards] of Object.entries(golden.repetition))
    expect(distance({ repetition: { ngram: Number(n) } }, answers, rewards), n).toBeLessThan(1e-12);
  for (const { max, margin, rewards } of golden.overlong)
    expect(distance({ overlong: { max, margin } }, answers, rewards), `${max}/${margin}`).toBeLessThan(1e-12);
  const texts = golden.texts.map((text) => ({ text, ids: [] }));
  expect(distance({ think: {} }, texts, golden.think)).toBe(0);
});

test("right +1, abstained 0, wrong −1; prompts without a right answer are refused by the column's name", () => {
  const rules = { answer: { column: "solution", wrong: -1, abstained: "(?:don't|do not) know" } };
  const { score } = rulesOf(rewardSource.parse({ rules }).rules)[0]!;
  const scores = ["It is 4.", "I don't know.", "It is 5."].map((text) => score({ text, ids: [], truth: "4" }));
  expect(scores).toEqual([1, 0, -1]);
  expect(() => score({ text: "4", ids: [] })).toThrow(/column solution of the prompt's row/);
});

test("F10: a pattern that goes back and forth without end stops the run with a sentence instead of hanging it", () => {
  const slow = { pattern: { expression: "^(a+)+$" } };
  expect(() => scoreOf(slow, `${"a".repeat(31)}!`)).toThrow(
    /\^\(a\+\)\+\$ took more than 1 s on an answer of 32 characters/,
  );
  expect(scoreOf(slow, "a".repeat(31))).toEqual([["pattern", 1, 1]]);
});
