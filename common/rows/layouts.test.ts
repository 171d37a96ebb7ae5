// Rows as other projects publish them, each as the dataset type of TRL that it is.
import { expect, test } from "vitest";
import { listRow, pairsRow, parseRow, supervisedRow, unpairedRow } from "./rows";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const system = (content: string) => ({ role: "system", content });
const human = (value: string) => ({ from: "human", value });
const gpt = (value: string) => ({ from: "gpt", value });

const hello = { prompt: [user("Hi")], chosen: [assistant("Hello.")], rejected: [assistant("No.")] };
const brief = { ...hello, prompt: [system("Be brief."), user("Hi")] };

test.each([
  ["ShareGPT, LLaMA-Factory's", { conversations: [human("Hi")], chosen: gpt("Hello."), rejected: gpt("No.") }, hello],
  [
    "LLaMA-Factory's with a system column",
    { conversations: [human("Hi")], chosen: gpt("Hello."), rejected: gpt("No."), system: "Be brief." },
    brief,
  ],
  [
    "ShareGPT with the answers as text",
    { conversations: [{ from: "system", value: "Be brief." }, human("Hi")], chosen: "Hello.", rejected: "No." },
    brief,
  ],
  [
    "ShareGPT with the answers as lists",
    { conversations: [human("Hi")], chosen: [gpt("Hello.")], rejected: [gpt("No.")] },
    hello,
  ],
  [
    "OpenAI's messages with a pair",
    { messages: [user("Hi")], chosen: assistant("Hello."), rejected: assistant("No.") },
    hello,
  ],
  ["Alpaca", { instruction: "Hi", input: "", chosen: "Hello.", rejected: "No." }, hello],
  [
    "Alpaca with an input and a history",
    { instruction: "Hi", input: "there", history: [["a", "b"]], chosen: "Hello.", rejected: "No." },
    { ...hello, prompt: [user("a"), assistant("b"), user("Hi\nthere")] },
  ],
  [
    "Alpaca's comparison, two outputs with the better first",
    { instruction: "Hi", input: "", output: ["Hello.", "No."] },
    hello,
  ],
  ["Orca's", { system: "Be brief.", question: "Hi", chosen: "Hello.", rejected: "No." }, brief],
  [
    "a text prompt before answers that are turns",
    { prompt: "Hi", chosen: [assistant("Hello.")], rejected: [assistant("No.")] },
    hello,
  ],
  [
    "a prompt that both answers repeat",
    { prompt: [user("Hi")], chosen: [user("Hi"), assistant("Hello.")], rejected: [user("Hi"), assistant("No.")] },
    hello,
  ],
  [
    "content in parts",
    {
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      chosen: [
        {
          role: "assistant",
          content: [
            { type: "text", text: "Hel" },
            { type: "text", text: "lo." },
          ],
        },
      ],
      rejected: [assistant("No.")],
    },
    hello,
  ],
  [
    "PKU-SafeRLHF",
    { prompt: "Hi", response_0: "No.", response_1: "Hello.", better_response_id: 1, is_response_0_safe: true },
    { prompt: "Hi", chosen: "Hello.", rejected: "No." },
  ],
  ["HelpSteer3", { context: [user("Hi")], response1: "Hello.", response2: "No.", overall_preference: -2 }, hello],
  ["SHP", { history: "Hi", human_ref_A: "No.", human_ref_B: "Hello.", labels: 0 }, hello],
])("C12: a pair in the layout %s is read as prompt, chosen and rejected", (_, row, pair) => {
  expect(parseRow(row, pairsRow)).toMatchObject({ value: { pairs: [pair] } });
});

test("C12: UltraFeedback's four completions are a ranking with ties", () => {
  const scored = (response: string, overall_score: number) => ({ response, overall_score, annotations: {} });
  const completions = [scored("a", 7), scored("b", 8.5), scored("c", 7), scored("d", 2)];
  expect(parseRow({ instruction: "Hi", completions, source: "x", models: ["m"] }, listRow)).toMatchObject({
    value: {
      prompt: [user("Hi")],
      completions: ["a", "b", "c", "d"].map((one) => [assistant(one)]),
      ranks: [-7, -8.5, -7, -2],
    },
  });
  const rated = (response: string, ...ratings: string[]) => ({
    response,
    annotations: Object.fromEntries(ratings.map((Rating, i) => [`aspect ${i}`, { Rating }])),
  });
  const fine = [rated("a", "5", "4"), rated("b", "1", "2")];
  expect(parseRow({ instruction: "Hi", completions: fine }, listRow)).toMatchObject({ value: { ranks: [-4.5, -1.5] } });
  expect(parseRow({ instruction: "Hi", completions: [{ response: "a" }, { response: "b" }] }, listRow)).toEqual({
    reason: "completion 1 has neither overall_score, fine-grained_score nor ratings",
  });
});

test("C12: Nectar's ranked answers are a ranking", () => {
  const answers = [
    { answer: "a", rank: 2, model: "m" },
    { answer: "b", rank: 1, model: "n" },
  ];
  expect(parseRow({ prompt: "Hi", answers }, listRow)).toMatchObject({
    value: { prompt: "Hi", completions: ["a", "b"], ranks: [2, 1] },
  });
});

test.each([
  ["messages with label", { messages: [user("Hi"), assistant("Hello.")], label: true }],
  ["LLaMA-Factory's ShareGPT with kto_tag", { conversations: [human("Hi"), gpt("Hello.")], kto_tag: true }],
  ["LLaMA-Factory's Alpaca with kto_tag", { instruction: "Hi", output: "Hello.", kto_tag: true }],
  ["prompt, response and label", { prompt: [user("Hi")], response: "Hello.", label: 1 }],
])("C12: an answer that is good or bad by itself, as %s", (_, row) => {
  const answers = [{ completion: [assistant("Hello.")], label: true }];
  expect(parseRow(row, unpairedRow)).toMatchObject({ value: { prompt: [user("Hi")], answers } });
});

test.each([
  ["ShareGPT", { conversations: [human("Hi"), gpt("Hello.")] }],
  ["Alpaca", { instruction: "Hi", input: "", output: "Hello." }],
  ["Dolly", { instruction: "Hi", context: "", response: "Hello.", category: "x" }],
  ["question and answer", { question: "Hi", answer: "Hello." }],
  [
    "messages with content in parts",
    { messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }, assistant("Hello.")] },
  ],
])("C12: a row to imitate in the layout %s is read as prompt and completion", (_, row) => {
  expect(parseRow(row, supervisedRow)).toMatchObject({
    value: { prompt: [user("Hi")], completion: [assistant("Hello.")] },
  });
});

test.each([true, "True", "true", 1, "1", "1.0", "good", "desirable"])("C10: the label %j is a good one", (label) => {
  const value = { answers: [{ completion: "b", label: true }] };
  expect(parseRow({ prompt: "a", completion: "b", label }, unpairedRow)).toMatchObject({ value });
});
test.each([false, "False", 0, "0", -1, "bad", "no"])("C10: the label %j is a bad one", (label) => {
  const value = { answers: [{ completion: "b", label: false }] };
  expect(parseRow({ prompt: "a", completion: "b", label }, unpairedRow)).toMatchObject({ value });
});
test.each([
  ["maybe", "a text"],
  [0.5, "a number"],
  [[true], "a list"],
])("C10, C16: the label %j is named as none", (label, kind) => {
  expect(parseRow({ prompt: "a", completion: "b", label }, unpairedRow)).toEqual({
    reason: `label is ${kind} that says neither; true or false is expected (or 1 or 0, good or bad)`,
  });
});

test("C10: ranks and scores that are given as text are numbers", () => {
  const row = { prompt: "Hi", completions: ["a", "b", "c"] };
  expect(parseRow({ ...row, ranks: ["2", "1", "2"] }, listRow)).toMatchObject({ value: { ranks: [2, 1, 2] } });
  expect(parseRow({ ...row, scores: ["0.5", "4", "x"] }, listRow)).toEqual({
    reason: "scores 3 is a text that is no number; a number is expected",
  });
});

test.each([
  [
    pairsRow,
    { question: "a", good: "b", bad: "c" },
    /^columns found: question, good, bad; a pair needs "prompt", "chosen" and "rejected"/,
  ],
  [pairsRow, { messages: [user("Hi"), assistant("Hello.")] }, /^columns found: messages; a pair needs/],
  [
    unpairedRow,
    { prompt: "a", completion: "b" },
    /^columns found: prompt, completion; expected are "prompt", "completion" and "label"/,
  ],
  [supervisedRow, { promt: "a" }, /^columns found: promt; expected are/],
  [
    pairsRow,
    { prompt: "a", chosen: 5, rejected: "c" },
    /^chosen is a number; a text or a list of messages is expected$/,
  ],
  [
    pairsRow,
    { prompt: [{ text: "a" }], chosen: "b", rejected: "c" },
    /^turn 1 of prompt has no role: its fields are text, and "role" and "content" \(or "from" and "value"\) are expected$/,
  ],
  [
    pairsRow,
    { prompt: [{ role: "user", content: null }], chosen: "b", rejected: "c" },
    /^turn 1 of prompt has no content, and calls no tool either$/,
  ],
  [
    pairsRow,
    { prompt: [{ role: "user", content: [{ type: "hologram" }] }], chosen: "b", rejected: "c" },
    /part of type hologram; text, image, audio, video or file is expected$/,
  ],
  [supervisedRow, ["Hi", "Hello."], /^is a list; an object with named columns is expected$/],
])("C16: a row that cannot be read says what was found and what is expected: %#", (schema, row, sentence) => {
  const read = parseRow<unknown>(row, schema);
  expect(read).toEqual({ reason: expect.stringMatching(sentence) });
});

test("C13: what follows the assistant's last turn is left out of what is learnt, and without such a turn nothing is", () => {
  const turns = [user("Hi"), assistant("Hello."), user("Bye")];
  expect(parseRow({ messages: turns }, supervisedRow)).toMatchObject({
    value: {
      prompt: [user("Hi")],
      completion: [assistant("Hello.")],
      remarks: ["what follows the assistant's last turn is left out"],
    },
  });
  expect(parseRow({ messages: [user("Hi"), user("Bye")] }, supervisedRow)).toEqual({
    reason: "holds no turn of the role assistant, so there is nothing to learn",
  });
});

test.each([
  [
    "an answer that ends with the user's turn",
    { ...hello, chosen: [assistant("a"), user("b")] },
    "chosen holds a turn of the role user",
  ],
  ["an answer that is a user's turn", { ...hello, rejected: [user("b")] }, "rejected holds a turn of the role user"],
  ["an answer of several turns", { ...hello, chosen: [assistant("a"), assistant("b")] }, "chosen holds 2 turns"],
  ["an answer with nothing in it", { ...hello, chosen: [assistant(" ")] }, "chosen is empty"],
  [
    "whole conversations that end with the user",
    { chosen: [user("a"), assistant("b"), user("c")], rejected: [user("a"), assistant("d")] },
    "chosen holds a turn of the role user",
  ],
])("C13: %s is named and not learnt", (_, row, reason) => {
  expect(parseRow(row, pairsRow)).toEqual({ reason: expect.stringContaining(reason) });
});
test.each([
  ["messages", { messages: [user("Hi"), assistant("")] }, "the assistant's last turn is empty"],
  [
    "a completion of the user's",
    { prompt: [user("Hi")], completion: [user("b")] },
    "completion holds a turn of the role user",
  ],
  [
    "a completion of several turns",
    { prompt: [user("Hi")], completion: [assistant("a"), user("b"), assistant("c")] },
    "completion holds a turn of the role user",
  ],
])("C13: SFT: %s without an answer of the assistant's are named and not learnt", (_, row, reason) => {
  expect(parseRow(row, supervisedRow)).toEqual({ reason: expect.stringContaining(reason) });
});

test("C12, C16: lists that are kept as JSON text are read, and a text that holds a conversation as JSON is told", () => {
  const messages = [user("Hi"), assistant("Hello.")];
  expect(parseRow({ messages: JSON.stringify(messages) }, supervisedRow)).toMatchObject({
    value: { prompt: [user("Hi")], completion: [assistant("Hello.")] },
  });
  expect(parseRow({ messages: "Hi" }, supervisedRow)).toEqual({
    reason: expect.stringMatching(/^messages is a text that is not JSON: something else stands at character 1/),
  });
  const prompt = JSON.stringify([user("Hi")]);
  expect(parseRow({ prompt, chosen: "a", rejected: "b" }, pairsRow)).toMatchObject({
    value: { pairs: [{ prompt, remarks: ["prompt is a conversation kept as JSON text, and read as plain text"] }] },
  });
});
