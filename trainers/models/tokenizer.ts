// Text to ids and back, and the chat template: one path for training, evaluation and chat.

import { Tokenizer } from "@huggingface/tokenizers";
import type { Message, TemplateOptions } from "../../spec/chat";
import { withByteFallback } from "./byte-fallback";
import { exactCuts } from "./exact-cuts";
import { about } from "./fields";
import { endTokens } from "./generation-config";
import { parseTemplate, type Template } from "./jinja/template";
import { withKeptWords } from "./kept-words";
import { templateMessages } from "./template-messages";
import { readTokenizerFiles, type Specials } from "./tokenizer-config";

export interface ChatTokenizer {
  /** The ids of a text and nothing around it. */
  encode(text: string): number[];
  /** The ids of plain text that is a row by itself: with the beginning-of-sequence token where the tokenizer adds one. */
  document(text: string): number[];
  decode(ids: number[]): string;
  /** The same with special tokens. */
  exact(ids: number[]): string;
  /** The ids of a conversation; with `generationPrompt` it ends where the assistant is to go on. */
  conversation(messages: Message[], generationPrompt: boolean, template?: TemplateOptions): number[];
  /** One id as readable text, special tokens included. */
  show(id: number): string;
  eos: number;
  /** Every token that ends an answer: `eos`, and what the model's generation config names. */
  ends: ReadonlySet<number>;
  /** Never the end-of-sequence id: a model that cannot tell them apart never learns to stop. */
  pad: number;
  bos: number | null;
  /** The chat template's text, null where there is none. */
  template: string | null;
}

/** Reads a folder's tokenizer and template, and the end tokens that its model's files name. */
export function readTokenizer(folder: string): ChatTokenizer {
  const { json, ...parts } = readTokenizerFiles(folder);
  return chatTokenizer(json, { ...parts, ends: endTokens(folder), source: folder });
}

export interface TokenizerParts {
  /** Special tokens that there are, as text. */
  specials: Specials;
  template: string | null;
  /** For conversations with tools, where it is another. */
  toolTemplate?: string | null;
  /** Ids that end an answer beside the tokenizer's own. */
  ends: number[];
  source: string;
}

/** `json` is a tokenizer.json. */
export function chatTokenizer(
  json: object,
  { specials, template, toolTemplate = null, ends, source }: TokenizerParts,
): ChatTokenizer {
  const { bos, eos, pad } = specials;
  const tokenizer = createTokenizer(json, { eos_token: eos, bos_token: bos }, source);
  const id = (token: string | undefined) => (token === undefined ? undefined : tokenizer.token_to_id(token));
  const eosId = id(eos);
  if (eosId === undefined) throw new Error(`${source} names no end-of-sequence token`);
  const padId = id(pad);
  const jinja = template ? createTemplate(template, source) : null;
  const withTools = toolTemplate ? createTemplate(toolTemplate, source) : jinja;
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  // What Transformers hands to a template: what is not given is none, and only the special tokens that there are.
  const given = {
    tools: null,
    documents: null,
    ...Object.fromEntries(Object.entries(specials).map(([name, token]) => [`${name}_token`, token])),
  };
  const rendered = (messages: Message[], generationPrompt: boolean, options?: TemplateOptions): number[] => {
    if (!jinja) throw new Error(`${source} has no chat template; use rows with plain text`);
    const chosen = (options?.tools && withTools) || jinja;
    const turns = templateMessages(messages);
    return encode(chosen.render({ ...given, messages: turns, add_generation_prompt: generationPrompt, ...options }));
  };
  // A row's prompt is asked for once with each of its answers, and once by itself.
  let asked: { messages: Message[]; options: TemplateOptions | undefined; ids: number[] } | undefined;
  return {
    encode,
    document: (text) => tokenizer.encode(text).ids,
    decode: (ids) => (ids.length === 0 ? "" : tokenizer.decode(ids, { skip_special_tokens: true })),
    exact: (ids) => (ids.length === 0 ? "" : tokenizer.decode(ids, { skip_special_tokens: false })),
    show: (token) => tokenizer.decode([token], { skip_special_tokens: false }),
    conversation(messages, generationPrompt, options) {
      if (!generationPrompt) return rendered(messages, false, options);
      if (asked?.messages !== messages || asked.options !== options)
        asked = { messages, options, ids: rendered(messages, true, options) };
      return asked.ids.slice();
    },
    eos: eosId,
    ends: new Set([eosId, ...ends]),
    bos: id(bos) ?? null,
    template,
    pad: padId === undefined || padId === eosId ? (eosId === 0 ? 1 : 0) : padId,
  };
}

function createTokenizer(json: object, tokens: object, source: string): Tokenizer {
  try {
    const read = new Tokenizer(exactCuts(json), { ...tokens, clean_up_tokenization_spaces: false });
    return withKeptWords(withByteFallback(read));
  } catch (cause) {
    throw about(`the tokenizer of ${source}`, cause);
  }
}

function createTemplate(text: string, source: string): Template {
  try {
    return parseTemplate(text);
  } catch (cause) {
    throw about(`the chat template of ${source}`, cause);
  }
}
