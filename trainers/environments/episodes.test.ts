// Episodes with the sample model's tokenizer; the model itself is played by a list of turns.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Message } from "../../spec/chat";
import type { Completion } from "../inference/sampling";
import { chatTokenizer, readTokenizer } from "../models/tokenizer";
import { finalText, sequence, shownText } from "../rewards/answered";
import type { Shown, Step } from "./environment";
import { playEpisodes, type SampleTurn } from "./episodes";
import { messagesAfter } from "./messages-after";

const tokenizer = readTokenizer("data/tiny");
const prompt: Message[] = [{ role: "user", content: "Review the film" }];
const asked = (more: object = {}) => ({
  prompt,
  promptIds: tokenizer.conversation(prompt, true),
  ...more,
});

/** A model that says these in turn, each to its end. */
function saying(...turns: string[]) {
  const rows: { ids: number[]; stream: string; limit: number }[] = [];
  const sample: SampleTurn = (ids, limits, streams) =>
    ids.map((row, i): Completion => {
      rows.push({ ids: row, stream: streams[i]!, limit: limits[i]! });
      const said = [...tokenizer.encode(turns[rows.length - 1]!), tokenizer.eos].slice(0, limits[i]!);
      return { ids: said, logProbs: said.map((_, t) => -t - 1), ended: said.at(-1) === tokenizer.eos };
    });
  return { rows, sample };
}

/** An environment that answers each turn so. */
function answering(...steps: Step[]) {
  const seen: Shown[] = [];
  const step = (episodes: Shown[]) => episodes.map((one) => steps[seen.push(structuredClone(one)) - 1]!);
  return { seen, environment: { maxTurns: 9, step } };
}

const ask = (content: string, reward = 0): Step => ({ messages: [{ role: "user", content }], reward });
const end = (reward: number): Step => ({ messages: [], reward });

test("the model and its environment speak by turns; the row is the conversation as its template writes it, of which the model's turns are scored", () => {
  const { rows, sample } = saying("It is short.", "I liked it.");
  const { seen, environment } = answering(ask("And the music?", 0.25), end(1));
  const { answers, logProbs } = playEpisodes(
    [asked({ columns: { word: "x" } })],
    ["a"],
    sample,
    environment,
    tokenizer,
    99,
  );
  const [answer] = answers;
  const turns: Message[] = [
    { role: "assistant", content: "It is short." },
    { role: "user", content: "And the music?" },
    { role: "assistant", content: "I liked it." },
  ];
  expect(answer!.episode).toMatchObject({ turns, reward: 1.25, cut: false });
  const { input_ids, completion_mask } = sequence(answer!);
  // the template's own writing of the whole conversation, but for what it puts after the last end token
  const whole = tokenizer.conversation([...prompt, ...turns], false);
  expect(whole.slice(0, input_ids.length)).toEqual(input_ids);
  const said = ["It is short.", "I liked it."].map((text) => [...tokenizer.encode(text), tokenizer.eos]);
  expect(input_ids.filter((_, t) => completion_mask[t] === 1)).toEqual(said.flat());
  const own = (values: number[]) => values.filter((_, t) => answer!.episode!.own[t] === 1);
  expect(own(answer!.response)).toEqual(said.flat());
  expect(own(logProbs[0]!)).toEqual(said.flatMap((ids) => ids.map((_, t) => -t - 1)));
  expect(seen).toEqual([
    { conversation: [...prompt, turns[0]], name: "a", columns: { word: "x" } },
    { conversation: [...prompt, ...turns], name: "a", columns: { word: "x" } },
  ]);
  expect(rows.map(({ stream }) => stream)).toEqual(["a", "a/2"]); // random numbers of their own
  const prefix = (row: number) => rows[row]!.ids.length - rows[0]!.ids.length;
  expect(rows.map(({ limit }) => limit)).toEqual([99, 99 - prefix(1)]); // what there is room for
  expect(finalText(tokenizer, answer!)).toBe("I liked it.");
  expect(shownText(tokenizer, answer!)).toBe("It is short.\n\n[user] And the music?\n\nI liked it.");
});

test("episodes of one batch end each in its own time", () => {
  const { sample } = saying("a", "b", "c");
  const { environment } = answering(end(1), ask("more"), end(2));
  const { answers } = playEpisodes([asked(), asked()], ["a", "b"], sample, environment, tokenizer, 99);
  expect(answers.map(({ episode }) => [episode!.reward, episode!.turns.length])).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test("at the last turn, and where there is no room for another, the environment rewards once more and the episode is cut", () => {
  const few = answering(ask("on", 1), ask("on", 2));
  const { answers } = playEpisodes(
    [asked()],
    ["a"],
    saying("a", "b").sample,
    { ...few.environment, maxTurns: 2 },
    tokenizer,
    99,
  );
  expect(answers[0]!.episode).toMatchObject({ reward: 3, cut: true });
  expect(answers[0]!.episode!.turns.map(({ role }) => role)).toEqual(["assistant", "user", "assistant"]);

  const first = tokenizer.encode("a").length + 1;
  const told = messagesAfter(tokenizer, ask("on").messages).length;
  for (const [most, turns] of [
    [first + told, 1], // nothing could be said after it
    [first + told + 1, 3],
  ] as const) {
    const { environment } = answering(ask("on", 1), ask("on", 1));
    const { answers } = playEpisodes([asked()], ["a"], saying("a", "b").sample, environment, tokenizer, most);
    expect(answers[0]!.episode).toMatchObject({ reward: turns === 1 ? 1 : 2, cut: true });
    expect(answers[0]!.episode!.turns).toHaveLength(turns);
    expect(answers[0]!.response.length).toBeLessThanOrEqual(most);
  }
});

test("a turn that was truncated is not gone on with", () => {
  const { environment } = answering(ask("on", 0.5));
  const { answers } = playEpisodes([asked()], ["a"], saying("one two three").sample, environment, tokenizer, 2);
  expect(answers[0]).toMatchObject({ response: tokenizer.encode("one two three").slice(0, 2) });
  expect(answers[0]!.episode).toMatchObject({ own: [1, 1], reward: 0.5, cut: true });
});

test("a prompt that is plain text is refused: nobody could go on with it", () => {
  const { environment } = answering(end(0));
  const text = { prompt: "Once", promptIds: [1] };
  expect(() => playEpisodes([text], ["a"], saying("x").sample, environment, tokenizer, 9)).toThrow(
    'an environment goes on with conversations, and the prompt "Once" is none',
  );
});

const { templates } = JSON.parse(readFileSync("data/golden/tools/tools.json", "utf8")) as {
  templates: Record<string, string>;
};
const chatml = "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n";
const prompted = "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
/** Turns of the model before the last question lose their reasoning, as in Qwen3's template. */
const forgetful = `{% for m in messages %}${chatml.replace("{{ m.content }}", "{% if m.role == 'assistant' and loop.last %}<think></think>{% endif %}{{ m.content }}")}{% endfor %}${prompted}`;
const onlyAssistant = `{% for m in messages %}{{ m.content }}{% if m.role == 'assistant' %}<|im_end|>{% endif %}\n{% endfor %}${prompted}`;

/** The sample model's tokenizer with another template. */
const templated = (template: string) => {
  const json = JSON.parse(readFileSync("data/tiny/tokenizer.json", "utf8")) as object;
  const specials = { eos: "<|im_end|>", pad: "<|pad|>" };
  return chatTokenizer(json, { specials, template, ends: [], source: "the test" });
};

test.each([
  ["qwen", templates.qwen!, "tool"],
  ["qwen", templates.qwen!, "user"],
  ["turns that lose their reasoning", forgetful, "user"],
  ["end tokens after the assistant alone", onlyAssistant, "user"],
])("what follows a turn is what the template writes after it: %s, %s", (_, template, role) => {
  const tokenizer = templated(template);
  const messages: Message[] = [
    { role, content: "Forty-two" },
    { role, content: "and more" },
  ];
  const told = messagesAfter(tokenizer, messages);
  const whole = tokenizer.conversation([...prompt, { role: "assistant", content: "It is short." }, ...messages], true);
  expect(whole.slice(-told.length)).toEqual(told);
  expect(whole.at(-told.length - 1)).toBe(tokenizer.eos);
  expect(tokenizer.exact(told)).toMatch(/^\n?.*Forty-two.*and more.*assistant\n$/s);
});

test("a template that does not show what the environment says, or does not end turns, is named", () => {
  const deaf = templated(`{% for m in messages %}{% if m.role != 'tool' %}${chatml}{% endif %}{% endfor %}${prompted}`);
  expect(() => messagesAfter(deaf, [{ role: "tool", content: "42" }])).toThrow(
    "does not show messages of the role tool",
  );
  const endless = templated("{% for m in messages %}{{ m.content }}{% endfor %}");
  expect(() => messagesAfter(endless, [{ role: "user", content: "42" }])).toThrow("ends no assistant's turn");
});
