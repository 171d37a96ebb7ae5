import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rewardSource } from "../../spec/fields/rewards";
import { type GradingAnswer, gradingFiles, gradingRequest } from "../../spec/judging";
import { readTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import { createReward } from "./rewards";

const tokenizer = readTokenizer("data/tiny");
const prompt = [{ role: "user" as const, content: "Review The Quiet River." }];
const answerOf = (text: string, more: Partial<Answered> = {}): Answered => {
  const response = [...tokenizer.encode(text), tokenizer.eos];
  return { prompt, query: tokenizer.conversation(prompt, true), response, ...more };
};
const ofGrader = (more: object = {}) => rewardSource.parse({ grader: { endpoint: "marker", weight: 2 }, ...more });

/** Whoever runs the workbench, at once: `answer` says what is answered to a request. */
function asked(answer: (request: ReturnType<typeof gradingRequest.parse>) => object) {
  const output = mkdtempSync(join(tmpdir(), "workbench-test-"));
  const requests: ReturnType<typeof gradingRequest.parse>[] = [];
  const waiting = ({ request, answer: path }: { request: string; answer: string }) => {
    const heard = gradingRequest.parse(JSON.parse(readFileSync(join(output, request), "utf8")));
    requests.push(heard);
    writeFileSync(join(output, path), JSON.stringify({ id: heard.id, ...answer(heard) } as GradingAnswer));
  };
  return { run: { output, note: () => {}, waiting }, requests, output };
}

test("ten points are a reward of 1 before its weight; what could not be read has none", () => {
  const { run, requests } = asked(() => ({ points: [10, 2.5, 0, null] }));
  const reward = createReward(ofGrader({ rules: { json: {} } }), false, null, tokenizer, run);
  const answers = ["Warm.", "Dull.", "7", "Odd."].map((text) => answerOf(text));
  const { scores, parts } = reward(answers);
  expect(parts.grader).toEqual([1, 0.25, 0, null]);
  expect(scores).toEqual([2, 0.5, 1, 0]); // "7" is JSON
  expect(requests).toEqual([
    {
      id: expect.any(String),
      endpoint: "marker",
      rubric: expect.stringContaining("Does the response do what the conversation asks for"),
      completions: ["Warm.", "Dull.", "7", "Odd."].map((answer) => ({ prompt, answer })),
    },
  ]);
  reward(answers.slice(0, 1));
  expect(requests[1]!.id).not.toBe(requests[0]!.id);
});

test("of several turns the last is graded, after all that was said before it", () => {
  const turns = [
    { role: "assistant" as const, content: "How long?" },
    { role: "user" as const, content: "Short." },
    { role: "assistant" as const, content: "It is warm." },
  ];
  const { run, requests } = asked(() => ({ points: [5] }));
  const reward = createReward(ofGrader(), false, null, tokenizer, run);
  reward([answerOf("How long?", { episode: { own: [], turns, reward: null, cut: false } })]);
  expect(requests[0]!.completions).toEqual([{ prompt: [...prompt, ...turns.slice(0, 2)], answer: "It is warm." }]);
});

test("what the endpoint refuses ends the run with its words; an answer to an earlier attempt is none", () => {
  const { run, output } = asked(() => ({ problem: "Endpoint marker has spent $1.00, and its cap is $1.00" }));
  writeFileSync(join(output, gradingFiles.answer), JSON.stringify({ id: "of an earlier attempt", points: [3] }));
  const reward = createReward(ofGrader(), false, null, tokenizer, run);
  expect(() => reward([answerOf("Warm.")])).toThrow("Endpoint marker has spent $1.00");
});

test("where nobody asks endpoints, a grader is refused before anything is scored", () => {
  expect(() => createReward(ofGrader(), false, null, tokenizer)).toThrow(
    "endpoint marker grades the completions of runs of the workbench",
  );
});
