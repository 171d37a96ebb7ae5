// Step-DPO's pairs: where solutions are gone on with, which continuation is chosen, and that DPO reads what comes of it.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readRow } from "../../common/rows/formats";
import { asPairs } from "../../common/rows/rows";
import type { Message } from "../../spec/chat";
import { stepPairsConfig } from "../../spec/config";
import type { StepPair, WrongSolution } from "../../spec/reports";
import { answerIds, promptIds, tokenizePair } from "../data/tokenize";
import { readTokenizer } from "../models/tokenizer";
import { arithmeticAnswer, arithmeticPrompt } from "../rewards/gold/arithmetic";
import { taskReward } from "../rewards/gold/tasks";
import { begin, continuation, firstRight, stepPairs } from "./step-pairs";

const tokenizer = readTokenizer("data/tiny");
const expression = "12 * 3 + 4 - 5";
const asked: Message[] = [{ role: "user", content: arithmeticPrompt(expression) }];
/** "12 * 3 = 36", "36 + 4 = 40", "40 - 5 = 35", "#### 35"; with an error in the second. */
const right = arithmeticAnswer(expression);
const planted: WrongSolution = {
  ...{ id: 1, prompt: asked, wrongStep: 2 },
  solution: right
    .replace("36 + 4 = 40", "36 + 4 = 42")
    .replace("40 - 5 = 35", "42 - 5 = 37")
    .replace("#### 35", "#### 37"),
};
const full = 2; // the oracle's reward of a solution that is right in every step
const byOracle = ({ text }: { text: string }) => taskReward("arithmetic", asked, text) === full;
const goesOn = (more: string, ended = true) => continuation(begin(tokenizer, planted), more, ended, "solution");
const rowOf = (pair: StepPair) => asPairs(readRow(JSON.parse(JSON.stringify(pair)))).pairs[0]!;

test("of arithmetic with one planted error the chosen step leads to what the oracle gives full marks, the rejected one is the error", () => {
  const begun = begin(tokenizer, planted);
  expect(begun).toMatchObject({ before: "12 * 3 = 36\n", wrong: "36 + 4 = 42\n" });
  const others = ["36 + 4 = 42\n42 - 5 = 37\n#### 37", "36 + 4 = 41\n41 - 5 = 36\n#### 36", "\n"];
  const good = right.slice(begun.before.length);
  const all = [...others, good].map((more) => goesOn(more)).filter((one) => one !== null);
  expect(all).toHaveLength(3); // nothing is no step
  const pair = firstRight(begun, all, byOracle)!;
  expect(pair).toEqual({
    prompt: asked,
    initial_reason_steps: "12 * 3 = 36\n",
    chosen: [{ role: "assistant", content: "36 + 4 = 40" }],
    rejected: [{ role: "assistant", content: "36 + 4 = 42" }],
  });
  expect(taskReward("arithmetic", asked, `${pair.initial_reason_steps}${good}`)).toBe(full);
  expect(firstRight(begun, all.slice(0, 2), byOracle)).toBeNull();
  expect(goesOn(good, false)).toBeNull(); // cut by the limit, so that its end is not known
});

test("a process reward model reads the right steps and the next one alone, of a continuation that may be cut after it", () => {
  const begun = begin(tokenizer, planted);
  const read = (more: string, ended: boolean) => continuation(begun, more, ended, "step");
  expect(read("36 + 4 = 40\n40 - 5", false)).toEqual({ step: "36 + 4 = 40\n", text: "12 * 3 = 36\n36 + 4 = 40" });
  expect(read("36 + 4", false)).toBeNull();
  expect(read("36 + 4 = 40", true)?.step).toBe("36 + 4 = 40");
});

test("steps go on as those of the solution do: its blank lines and numbers part those of a continuation too", () => {
  const paragraphs = begin(tokenizer, { ...planted, solution: "a\nb\n\nc\n\nd" });
  expect(paragraphs).toMatchObject({ before: "a\nb\n\n", wrong: "c\n\n" });
  expect(continuation(paragraphs, "e\nf\n\ng", true, "solution")?.step).toBe("e\nf\n\n");
  const numbered = begin(tokenizer, { ...planted, solution: "Step 1: a\n\nb\nStep 2: c" });
  expect(continuation(numbered, "Step 2: d\n\ne\nStep 3: f", true, "solution")?.step).toBe("Step 2: d\n\ne\n");
});

test("the model goes on after the ids that DPO has of the row before its answers, of which it scores no right step", () => {
  for (const wrongStep of [1, 2, 4]) {
    const begun = begin(tokenizer, { ...planted, wrongStep });
    const pair = firstRight(begun, [{ step: "36 + 4 = 40", text: "" }], () => true)!;
    const { chosen, rejected } = tokenizePair(tokenizer, rowOf(pair), 500)!;
    for (const answer of [chosen, rejected]) {
      const read = promptIds(answer);
      expect(read).toEqual(begun.ids.slice(0, read.length));
      expect(begun.ids.length - read.length).toBeLessThanOrEqual(1); // a token may straddle the seam
    }
    expect(tokenizer.decode(answerIds(chosen)).trim()).toMatch(/^(\D*)36 \+ 4 = 40/);
  }
});

test("tiny goes on with reviews whose second sentence is wrong; what the reward passes becomes a pair, what it does not is listed", async () => {
  const rows = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz")).toString("utf8").split("\n").slice(0, 20);
  const reviews = rows.map((line) => JSON.parse(line) as { prompt: Message[]; chosen: [{ content: string }] });
  const solutions = reviews
    .map(({ prompt, chosen }) => ({ prompt, solution: chosen[0].content.replaceAll(". ", ".\n") }))
    .filter(({ solution }) => solution.includes("\n"))
    .slice(0, 4)
    .map((one, id): WrongSolution => ({ ...one, id, wrongStep: 2 }));
  expect(() => begin(tokenizer, { ...solutions[0]!, wrongStep: 99 })).toThrow("its wrong one is said to be 99");
  const config = { model: { source: "tiny" }, samples: 2, maxNewTokens: 60, reward: { gold: "film-reviews" } };
  const made = async (threshold: number) => {
    const [pairs, left]: [StepPair[], { id: number; ended: number }[]] = [[], []];
    await stepPairs(stepPairsConfig.parse({ ...config, threshold }), solutions, (some, others) => {
      pairs.push(...some);
      left.push(...others);
    });
    return { pairs, left };
  };
  const { pairs, left } = await made(-1e9);
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.length + left.length).toBe(solutions.length);
  for (const { prompt, initial_reason_steps, chosen, rejected } of pairs) {
    const begins = `${initial_reason_steps}${rejected[0].content}`;
    const of = solutions.filter((one) => JSON.stringify(one.prompt) === JSON.stringify(prompt));
    expect(of.map(({ solution }) => solution.startsWith(begins))).toContain(true);
    expect(chosen[0].content).not.toBe(rejected[0].content);
  }
  const byArithmetic = stepPairsConfig.parse({ ...config, reward: { gold: "arithmetic" }, threshold: 2 });
  await expect(stepPairs(byArithmetic, solutions, () => {})).rejects.toThrow("that of record 0 is none of them");
  const inEnglish = stepPairsConfig.parse({ ...config, reward: { rules: { language: { code: "en" } } }, threshold: 1 });
  await stepPairs(inEnglish, solutions.slice(0, 1), (some, others) => expect([...some, ...others]).toHaveLength(1));
  expect((await made(1e9)).left.map(({ id }) => id)).toEqual(solutions.map(({ id }) => id));
});
