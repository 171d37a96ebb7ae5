import { expect, test } from "vitest";
import type { PreferenceRow } from "../../common/rows/rows";
import { wholeAnswers } from "../../common/rows/whole-answers";
import { readTokenizer } from "../models/tokenizer";
import { answerIds, promptIds, tokenizeList, tokenizePair } from "./tokenize";

const tokenizer = readTokenizer("data/tiny");
const prompt = [{ role: "user", content: "Review The Last Summer in a few sentences." }];
const answer = (content: string) => [{ role: "assistant", content }];

test("Step-DPO: steps that both answers begin with stand with the prompt, in the assistant's turn", () => {
  const steps = "The story is warm. ";
  const row: PreferenceRow = { prompt, chosen: answer("The cast is bright."), rejected: answer("It is dull."), steps };
  const { chosen, rejected } = tokenizePair(tokenizer, row, 200)!;
  const before = [...tokenizer.conversation(prompt, true), ...tokenizer.encode(steps)];
  expect(promptIds(chosen)).toEqual(before.slice(0, promptIds(chosen).length));
  expect(before.length - promptIds(chosen).length).toBeLessThanOrEqual(1); // a token may straddle the seam
  expect(promptIds(rejected)).toEqual(promptIds(chosen));
  expect(chosen.input_ids).toEqual(
    tokenizer.conversation([...prompt, ...answer("The story is warm. The cast is bright.")], false),
  );
  const whole = tokenizePair(tokenizer, wholeAnswers(row), 200)!; // the same ids, of which the steps are scored too
  expect([whole.chosen.input_ids, whole.rejected.input_ids]).toEqual([chosen.input_ids, rejected.input_ids]);
  expect(promptIds(whole.chosen)).toEqual(tokenizer.conversation(prompt, true));
});

test("a ranking's answers share their prompt's ids", () => {
  const completions = ["The music is fresh.", "It is cold.", "It is what it is."].map(answer);
  const list = tokenizeList(tokenizer, { prompt, completions, ranks: [1, 2, 2] }, 200)!;
  expect(list.ranks).toEqual([1, 2, 2]);
  for (const [i, row] of list.answers.entries()) {
    expect(promptIds(row)).toEqual(tokenizer.conversation(prompt, true));
    expect(tokenizer.decode(answerIds(row)).trim()).toBe(completions[i]![0]!.content);
  }
});
