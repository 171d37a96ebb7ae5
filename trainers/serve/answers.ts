// What a request is answered with, as OpenAI's API lays it out: whole, or in chunks of a stream.
import { randomUUID } from "node:crypto";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Choice, Delta, Generation } from "./generation";
import type { TokenLogProb } from "./sequence";
import { callReader, type Parts, type ToolCall } from "./tool-calls";

/** An answer under way. */
export interface Answer {
  whole(choices: Choice[]): object;
  /** What comes before the first text of a choice. */
  begin(choice: number): object[];
  chunk(delta: Delta): object[];
  end(choice: number, finish: Choice["finish"]): object[];
  usage(choices: Choice[]): object;
}

export function completionAnswer(asked: Generation, tokenizer: ChatTokenizer, echo: boolean): Answer {
  const head = { id: `cmpl-${randomUUID()}`, object: "text_completion", created: seconds(), model: asked.model };
  const told = (tokens: TokenLogProb[], first: number[]) =>
    asked.top === null ? null : listed(tokens, first, tokenizer);
  const choice = (index: number, text: string, logprobs: object | null, finish: Choice["finish"] | null) => ({
    ...head,
    choices: [{ index, text, logprobs, finish_reason: finish }],
  });
  const promptOf = (index: number) => asked.prompts[Math.floor(index / asked.n)]!;
  return {
    whole: (choices) => ({
      ...head,
      choices: choices.map(({ prompt, promptTokens, text, tokens, finish }, index) => ({
        index,
        text: echo ? tokenizer.exact(prompt) + text : text,
        logprobs: told([...promptTokens, ...tokens], asked.scorePrompt ? prompt.slice(0, 1) : []),
        finish_reason: finish,
      })),
      usage: usage(choices, asked.n),
    }),
    begin: (index) => (echo ? [choice(index, tokenizer.exact(promptOf(index)), null, null)] : []),
    chunk: ({ choice: index, text, tokens }) => [choice(index, text, told(tokens, []), null)],
    end: (index, finish) => [choice(index, "", null, finish)],
    usage: (choices) => ({ ...head, choices: [], usage: usage(choices, asked.n) }),
  };
}

type Finish = Choice["finish"] | "tool_calls";

/** `tools`: names of those that the answer may call; null: none, whatever it looks like. */
export function chatAnswer(asked: Generation, tokenizer: ChatTokenizer, tools: string[] | null): Answer {
  const head = { id: `chatcmpl-${randomUUID()}`, created: seconds(), model: asked.model };
  const told = (tokens: TokenLogProb[]) =>
    asked.top === null ? null : { content: tokens.map((token) => oneByOne(token, tokenizer)), refusal: null };
  const chunk = (index: number, delta: object, logprobs: object | null, finish: Finish | null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index, delta, logprobs, finish_reason: finish }],
  });
  const reading = asked.prompts.flatMap(() =>
    Array.from({ length: asked.n }, () => ({ calls: tools && callReader(tools), count: 0 })),
  );
  /** Text with what is told of tokens, and each call by itself. */
  const grown = (index: number, { text, calls }: Parts, logprobs: object | null) => {
    const own = reading[index]!;
    const told = calls.map((call) => ({ tool_calls: [{ index: own.count++, ...called(call) }] }));
    const isText = text !== "" || logprobs !== null;
    return [
      ...(isText ? [chunk(index, { content: text }, logprobs, null)] : []),
      ...told.map((delta) => chunk(index, delta, null, null)),
    ];
  };
  return {
    whole: (choices) => ({
      ...head,
      object: "chat.completion",
      choices: choices.map(({ text, tokens, finish }, index) => {
        const calls = tools ? wholeParts(text, tools) : { text, calls: [] };
        return {
          ...{ index, message: messageOf(calls), logprobs: told(tokens) },
          finish_reason: finishOf(finish, calls.calls.length),
        };
      }),
      usage: usage(choices, asked.n),
    }),
    begin: (index) => [chunk(index, { role: "assistant", content: "" }, null, null)],
    chunk: ({ choice, text, tokens }) =>
      grown(choice, reading[choice]!.calls?.push(text) ?? { text, calls: [] }, told(tokens)),
    end(index, finish) {
      const own = reading[index]!;
      const rest = own.calls ? grown(index, own.calls.rest(), null) : [];
      return [...rest, chunk(index, {}, null, finishOf(finish, own.count))];
    },
    usage: (choices) => ({ ...head, object: "chat.completion.chunk", choices: [], usage: usage(choices, asked.n) }),
  };
}

/** An answer that was cut was not finished by its calls. */
const finishOf = (finish: Choice["finish"], calls: number): Finish =>
  finish === "stop" && calls > 0 ? "tool_calls" : finish;

const called = (call: ToolCall) => ({ id: `call_${randomUUID()}`, type: "function", function: call });

function messageOf({ text, calls }: Parts): object {
  const said = { role: "assistant", content: text === "" && calls.length > 0 ? null : text, refusal: null };
  return calls.length === 0 ? said : { ...said, tool_calls: calls.map(called) };
}

function wholeParts(text: string, tools: string[]): Parts {
  const reader = callReader(tools);
  const [first, last] = [reader.push(text), reader.rest()];
  return { text: first.text + last.text, calls: [...first.calls, ...last.calls] };
}

const seconds = () => Math.floor(Date.now() / 1000);

/** A prompt counts once, however many answers it has. */
function usage(choices: Choice[], n: number): object {
  const sum = (of: (choice: Choice) => number, some = choices) => some.reduce((total, one) => total + of(one), 0);
  const prompts = choices.filter((_, index) => index % n === 0);
  const prompt_tokens = sum(({ prompt }) => prompt.length, prompts);
  const completion_tokens = sum(({ count }) => count);
  return {
    ...{ prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    prompt_tokens_details: { cached_tokens: sum(({ cached }) => cached, prompts) },
  };
}

/** As completions list tokens: side by side; of a row's first token nobody knows how likely it was. */
function listed(tokens: TokenLogProb[], first: number[], { show }: ChatTokenizer): object {
  const texts = [...first, ...tokens.map(({ id }) => id)].map(show);
  let offset = 0;
  return {
    tokens: texts,
    token_logprobs: [...first.map(() => null), ...tokens.map(({ logProb }) => logProb)],
    top_logprobs: [
      ...first.map(() => null),
      ...tokens.map(({ top }) => Object.fromEntries(top.map(([id, logProb]) => [show(id), logProb]))),
    ],
    text_offset: texts.map((text) => {
      const at = offset;
      offset += text.length;
      return at;
    }),
  };
}

/** As chats list them: each with its bytes. */
function oneByOne({ id, logProb, top }: TokenLogProb, { show }: ChatTokenizer): object {
  const named = (one: number, logprob: number) => ({ token: show(one), logprob, bytes: [...Buffer.from(show(one))] });
  return { ...named(id, logProb), top_logprobs: top.map(([one, logprob]) => named(one, logprob)) };
}
