// Trees of tiny's own steps: their pairs are what they were sampled after, and a seed gives the same ones.
import { expect, test } from "vitest";
import { readRow } from "../../common/rows/formats";
import { asPairs } from "../../common/rows/rows";
import { stepsOf } from "../../common/steps";
import { treePairsConfig } from "../../spec/config";
import type { SearchedTrees } from "../../spec/reports";
import { file } from "../../test/program";
import { promptIds, tokenizePair, tokenizePrompt } from "../data/tokenize";
import { readTokenizer } from "../models/tokenizer";
import { arithmeticPrompt } from "../rewards/gold/arithmetic";
import { treePairs } from "./tree-pairs";

/** Which tiny has never read: it says "assistant" on lines of their own before it writes of films. */
const asked = ["12 * 3", "4 + 5", "70 - 8 - 9"].map((sum) => ({ prompt: arithmeticPrompt(sum) }));
const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const prompts = file("prompts.jsonl", lines(asked));
const praise = { rules: { pattern: { expression: "warm|clever|gripping|bright|fresh|tender" } } };

/** So hot that the three trees branch at several depths. */
const settings = { model: { source: "tiny" }, simulations: 8, maxNewTokens: 48, temperature: 1.5 };

async function made(more: object, from = prompts): Promise<SearchedTrees["pairs"]> {
  const config = { ...settings, reward: praise, ...more };
  const pairs: SearchedTrees["pairs"] = [];
  await treePairs(treePairsConfig.parse(config), from, (searched) => pairs.push(...searched.pairs));
  return pairs;
}

test("tiny's trees give pairs of steps after the same ones, which DPO reads after the ids that they were sampled after", async () => {
  const tokenizer = readTokenizer("data/tiny");
  const pairs = await made({});
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.map(({ initial_reason_steps: before }) => before).some((before) => before !== "")).toBe(true);
  for (const pair of pairs) {
    const [before, right, wrong] = [pair.initial_reason_steps, pair.chosen[0].content, pair.rejected[0].content];
    expect(right).not.toBe(wrong);
    expect(stepsOf(`${before}${right}`).at(-1)!.trim()).toBe(right.trim());
    expect(pair.p_chosen).toBeGreaterThan(0);
    expect(pair.p_chosen).toBeLessThan(1);
    const read = tokenizePair(tokenizer, asPairs(readRow(JSON.parse(JSON.stringify(pair)))).pairs[0]!, 500)!;
    const ids = [...tokenizePrompt(tokenizer, pair.prompt), ...tokenizer.encode(before)];
    expect(ids.slice(0, promptIds(read.chosen).length)).toEqual(promptIds(read.chosen));
    expect(ids.length - promptIds(read.chosen).length).toBeLessThanOrEqual(1); // a token may straddle the seam
  }
});

test("a seed gives the same pairs, however many trees are searched at once; another gives others", async () => {
  const pairs = await made({ seed: 4, batchSize: 4 });
  expect(await made({ seed: 4, batchSize: 64 })).toEqual(pairs);
  expect(await made({ seed: 5, batchSize: 64 })).not.toEqual(pairs);
});

test("the right answers of prompts are in a column of theirs; a prompt without one is left out", async () => {
  const rows = asked.map((row, i) => ({ ...row, truth: ["film", "film", null][i] }));
  const [, , last] = asked;
  const answers = { rules: { answer: { column: "truth", match: "contains" } } };
  const pairs = await made({ reward: answers }, file("answered.jsonl", lines(rows)));
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.map(({ prompt }) => prompt[0]!.content)).not.toContain(last!.prompt);
});

test("an oracle is asked about its own prompts only", async () => {
  await expect(made({ reward: { gold: "film-reviews" } })).rejects.toThrow("that of prompt 1 is none of them");
});

test("the steps so far alone are judged where the file says so, of continuations that a limit cut", async () => {
  const pairs = await made({
    judged: "step",
    maxNewTokens: 12,
    depth: 3,
    reward: { rules: { length: { min: 3, max: 6 } } },
  });
  expect(pairs.length).toBeGreaterThan(0);
});
