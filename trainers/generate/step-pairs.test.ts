// Step-DPO's pairs: where solutions are gone on with, which continuation is chosen, and that DPO reads what comes of it.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { readRow } from "../../common/rows/formats";
import { asPairs } from "../../common/rows/rows";
import type { Message } from "../../spec/chat";
import { stepPairsConfig } from "../../spec/config";
import type { StepPair, WrongSolution } from "../../spec/reports";
import { sum } from "../../spec/statistics";
import { answerIds, promptIds, tokenizePair } from "../data/tokenize";
import { type Completion, createSampler, type Sampler } from "../inference/sampling";
import { loadModel } from "../models/load";
import { readTokenizer } from "../models/tokenizer";
import { arithmeticAnswer, arithmeticPrompt } from "../rewards/gold/arithmetic";
import { taskReward } from "../rewards/gold/tasks";
import { begin, continuation, firstRight, stepPairs } from "./step-pairs";

/** All that was sampled since it was emptied. */
const sampled: Completion[] = [];
vi.mock("./judged-solutions", async (original) => {
  const own = await original<typeof import("./judged-solutions")>();
  return {
    ...own,
    async openJudged(config: Parameters<typeof own.openJudged>[0]) {
      const judged = await own.openJudged(config);
      const sampler: Sampler = (...asked) => {
        const completions = judged.sampler(...asked);
        sampled.push(...completions);
        return completions;
      };
      return { ...judged, sampler };
    },
  };
});

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

/** Reviews of different films in the sample set, a sentence a line, of which the second is said to be wrong. */
function wrongReviews(): WrongSolution[] {
  const rows = gunzipSync(readFileSync("data/samples/film-reviews.jsonl.gz")).toString("utf8").split("\n").slice(0, 60);
  const reviews = rows
    .map((line) => JSON.parse(line) as { prompt: Message[]; chosen: [{ content: string }] })
    .map(({ prompt, chosen }) => ({ prompt, solution: chosen[0].content.replaceAll(". ", ".\n") }))
    .filter(({ solution }) => solution.includes("\n"));
  const each = [...new Map(reviews.map((one) => [JSON.stringify(one.prompt), one])).values()];
  return each.slice(0, 4).map((one, id) => ({ ...one, id, wrongStep: 2 }));
}

async function made(config: object, solutions: WrongSolution[]) {
  const [pairs, left]: [StepPair[], { id: number; why: string }[]] = [[], []];
  await stepPairs(stepPairsConfig.parse(config), solutions, (some, others) => {
    pairs.push(...some);
    left.push(...others);
  });
  return { pairs, left };
}

test("tiny goes on with reviews whose second sentence is wrong; what the reward passes becomes a pair, what it does not is listed", async () => {
  const solutions = wrongReviews();
  expect(() => begin(tokenizer, { ...solutions[0]!, wrongStep: 99 })).toThrow("its wrong one is said to be 99");
  const config = { model: { source: "tiny" }, samples: 2, maxNewTokens: 60, reward: { gold: "film-reviews" } };
  const { pairs, left } = await made({ ...config, threshold: -1e9 }, solutions);
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
  expect((await made({ ...config, threshold: 1e9 }, solutions)).left.map(({ id }) => id)).toEqual(
    solutions.map(({ id }) => id),
  );
});

test("where the next step alone is judged nothing is sampled past it, and the pairs are those of whole continuations", async () => {
  const solutions = wrongReviews();
  const often = { temperature: 5, maxNewTokens: 200 }; // to come upon line breaks, which reviews have none of
  const asked = { model: { source: "tiny" }, samples: 2, ...often, threshold: -9, seed: 7 };
  sampled.length = 0;
  const { pairs } = await made({ ...asked, judged: "step", reward: { gold: "film-reviews" } }, solutions);
  const stopped = [...sampled];
  const { model } = await loadModel(stepPairsConfig.parse({ ...asked, reward: { gold: "film-reviews" } }).model);
  const begun = solutions.map((one) => begin(tokenizer, one));
  const rows = begun.flatMap((one) => [0, 1].map((sample) => ({ ...one, stream: `7/${one.id}/${sample}` })));
  const whole = createSampler(model, null)(
    rows.map(({ ids }) => ids),
    {
      ...often,
      ends: tokenizer.ends,
      pad: tokenizer.pad,
      streams: rows.map((row) => row.stream),
    },
  );
  for (const [i, { ids }] of stopped.entries()) expect(whole[i]!.ids.slice(0, ids.length)).toEqual(ids);
  expect(stopped.every(({ ids }, i) => ids.length <= whole[i]!.ids.length)).toBe(true);
  expect(sum(stopped.map(({ ids }) => ids.length))).toBeLessThan(sum(whole.map(({ ids }) => ids.length)));
  const expected = begun.flatMap((one, i) => {
    const read = whole.slice(2 * i, 2 * i + 2);
    const more = read.map(({ ids, ended }) => continuation(one, tokenizer.decode(ids), ended, "step"));
    const all = more.filter((each) => each !== null);
    return firstRight(one, all, ({ text }) => taskReward("film-reviews", one.prompt, text)! >= -9) ?? [];
  });
  expect(pairs).toEqual(expected);
  expect(pairs.length).toBeGreaterThan(0);
});

test("a rule reads the right answers to the prompts of another file; a solution to whose prompt there is none is listed", async () => {
  const solutions = wrongReviews();
  const answers = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "answers.jsonl");
  const rows = [
    { prompt: solutions[0]!.prompt, answer: "e" }, // every review holds it
    { prompt: solutions[1]!.prompt[0]!.content, answer: "no review holds this" },
    { prompt: solutions[2]!.prompt, answer: null },
  ];
  writeFileSync(answers, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const rule = { rules: { answer: { column: "answer", match: "contains" } } };
  const config = { model: { source: "tiny" }, samples: 4, maxNewTokens: 96, threshold: 1, reward: rule, answers };
  const { pairs, left } = await made(config, solutions.slice(0, 3));
  expect(pairs.map(({ prompt }) => prompt)).toEqual([solutions[0]!.prompt]);
  expect(left).toEqual([
    { id: 2, why: "no right answer to its prompt in column answer" },
    { id: 1, why: expect.stringMatching(/^none of \d continuations that ended is right$/) },
  ]);
  expect(() => stepPairsConfig.parse({ ...config, answers: null })).toThrow("name the file or the dataset");
  expect(() => stepPairsConfig.parse({ ...config, reward: { gold: "sorting" } })).toThrow(
    "nothing reads right answers",
  );
});
