// Which tokens of a sampled answer its steps end at, and what is earned there.
import { expect, test } from "vitest";
import { stepSpans } from "../data/steps";
import { readTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import { stepEnds, tokenRewards } from "./step-rewards";

/** Says the tokens one after another; the end token says nothing, as special tokens do. */
const said = (tokens: string[]) => ({
  decode: (ids: number[]) => ids.map((id) => (tokens[id] === "<end>" ? "" : tokens[id])).join(""),
});
const answered = (tokens: string[], more: Partial<Answered> = {}): Answered => ({
  ...{ prompt: [{ role: "user", content: "?" }], query: [], response: tokens.map((_, t) => t) },
  ...more,
});
const endsOf = (tokens: string[], separator = "\n") => {
  const policy = said(tokens);
  const answer = answered(tokens);
  const content = policy.decode(answer.response).trim();
  return stepEnds(policy, answer, [{ role: "assistant", content }], separator);
};

test.each<[string, string[], string, number[]]>([
  ["the separator is a token", ["a", "\n", "b", "\n", "c", "<end>"], "\n", [1, 3, 5]],
  ["a token holds a step's last words and the separator", ["a", ".\n", "b", ".\n", "c"], "\n", [1, 3, 4]],
  ["a token holds the separator and the next step's first words", ["a", "\nb", "\nc", "<end>"], "\n", [1, 2, 3]],
  ["the last step was cut", ["a", "\n", "b", " and"], "\n", [1, 3]],
  ["a separator ends the last step, and the end token is its end", ["a", "\n", "b", "\n", "<end>"], "\n", [1, 4]],
  ["blank lines are no steps", ["\n", "a", "\n\n", " ", "\n", "b", "<end>"], "\n", [2, 6]],
  ["no separator at all", ["a", "b", "c"], "\n", [2]],
  ["nothing was said", ["<end>"], "\n", [0]],
  ["a separator of two characters in two tokens", ["a", "#", "#", "b", "##", "c"], "##", [2, 4, 5]],
  ["two steps end in one token", ["a", "\nb\n", "c"], "\n", [1, 1, 2]],
])("%s", (_, tokens, separator, expected) => {
  expect(endsOf(tokens, separator)).toEqual(expected);
});

test("a character whose bytes are in several tokens is complete with the last of them", () => {
  const tokenizer = readTokenizer("data/tiny");
  const ids = tokenizer.encode("eins ки zwei");
  const mark = ids.findIndex((_, t) => tokenizer.decode(ids.slice(0, t + 1)).includes("ки"));
  expect(tokenizer.decode(ids.slice(0, mark))).toContain("\uFFFD"); // of и there is a half
  const answer = answered([], { prompt: "text", response: ids });
  expect(stepEnds(tokenizer, answer, tokenizer.decode(ids), "ки")).toEqual([mark, ids.length - 1]);
});

test("of an episode each turn's steps end in it, and none at what its environment said", () => {
  const tokens = ["a", "\n", "b", "<end>", "go\n", "on", "c", "\n", "d", "<end>"];
  const own = tokens.map((_, t) => (t === 4 || t === 5 ? 0 : 1));
  const turns = [
    { role: "assistant", content: "a\nb" },
    { role: "tool", content: "go\non" },
    { role: "assistant", content: "c\nd" },
  ];
  const episode = { own, turns, reward: null, cut: false };
  expect(stepEnds(said(tokens), answered(tokens, { episode }), turns, "\n")).toEqual([1, 3, 7, 9]);
  const asAssistant = turns.map((turn) => ({ ...turn, role: "assistant" }));
  expect(() =>
    stepEnds(said(tokens), answered(tokens, { episode: { ...episode, turns: asAssistant } }), asAssistant, "\n"),
  ).toThrow("an episode has 3 messages of the assistant, and the model wrote 2 of them");
});

test("where steps end in a text", () => {
  expect(stepSpans("a\n\n b \n", "\n")).toEqual([
    { text: "a", end: 2 },
    { text: " b ", end: 7 },
  ]);
  expect(stepSpans("", "\n")).toEqual([{ text: "", end: 0 }]);
});

test("what is earned at each token", () => {
  const steps = [
    { at: 1, reward: 0.5 },
    { at: 3, reward: 0.25 },
  ];
  expect(tokenRewards(1, steps, 4)).toEqual([0, 0.5, 0, 1.25]);
  expect(tokenRewards(null, steps, 5)).toEqual([0, 0.5, 0, 0.25, 0]);
  expect(tokenRewards(2, [], 3)).toEqual([0, 0, 2]);
});
