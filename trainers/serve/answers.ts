// What a request is answered with, as OpenAI's API lays it out: whole, or in chunks of a stream.
import { randomUUID } from "node:crypto";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Choice, Delta, Generation } from "./generation";
import type { TokenLogProb } from "./sequence";

/** An answer under way. */
export interface Answer {
  whole(choices: Choice[]): object;
  /** What comes before the first text of a choice. */
  begin(choice: number): object[];
  chunk(delta: Delta): object;
  end(choice: number, finish: Choice["finish"]): object;
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
    chunk: ({ choice: index, text, tokens }) => choice(index, text, told(tokens, []), null),
    end: (index, finish) => choice(index, "", null, finish),
    usage: (choices) => ({ ...head, choices: [], usage: usage(choices, asked.n) }),
  };
}

export function chatAnswer(asked: Generation, tokenizer: ChatTokenizer): Answer {
  const head = { id: `chatcmpl-${randomUUID()}`, created: seconds(), model: asked.model };
  const told = (tokens: TokenLogProb[]) =>
    asked.top === null ? null : { content: tokens.map((token) => oneByOne(token, tokenizer)), refusal: null };
  const chunk = (index: number, delta: object, logprobs: object | null, finish: Choice["finish"] | null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index, delta, logprobs, finish_reason: finish }],
  });
  return {
    whole: (choices) => ({
      ...head,
      object: "chat.completion",
      choices: choices.map(({ text, tokens, finish }, index) => ({
        index,
        message: { role: "assistant", content: text, refusal: null },
        logprobs: told(tokens),
        finish_reason: finish,
      })),
      usage: usage(choices, asked.n),
    }),
    begin: (index) => [chunk(index, { role: "assistant", content: "" }, null, null)],
    chunk: ({ choice, text, tokens }) => chunk(choice, { content: text }, told(tokens), null),
    end: (index, finish) => chunk(index, {}, null, finish),
    usage: (choices) => ({ ...head, object: "chat.completion.chunk", choices: [], usage: usage(choices, asked.n) }),
  };
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
