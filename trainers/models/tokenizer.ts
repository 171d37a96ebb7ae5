// Text to ids and back, and the chat template: one path for training, evaluation and chat.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { templateMessages } from "./template-messages";

/** A turn of a conversation. */
export interface Message {
  role: string;
  /** Null where the turn only calls tools. */
  content: string | null;
  /** Tools that the assistant calls here, as OpenAI and Transformers lay them out. */
  tool_calls?: unknown;
  /** Which of those calls a tool answers here. */
  tool_call_id?: unknown;
  /** Who speaks, beside the role. */
  name?: unknown;
  /** What else a chat template may show, such as `reasoning_content`. */
  [field: string]: unknown;
}

/** What a chat template is given beside the messages: the tools that may be called, and variables of its own. */
export interface TemplateOptions {
  tools?: unknown[];
  [variable: string]: unknown;
}

export interface ChatTokenizer {
  /** The ids of a text and nothing around it. */
  encode(text: string): number[];
  /** The ids of plain text that is a row by itself: with the beginning-of-sequence token where the tokenizer adds one. */
  document(text: string): number[];
  decode(ids: number[]): string;
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

const tokenText = z
  .union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)])
  .nullish();
const namedTemplate = z.object({ name: z.string(), template: z.string() });
const specialNames = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"] as const;
const tokenizerConfig = z.looseObject({
  ...(Object.fromEntries(specialNames.map((name) => [`${name}_token`, tokenText])) as Record<
    `${(typeof specialNames)[number]}_token`,
    typeof tokenText
  >),
  chat_template: z.union([z.string(), z.array(namedTemplate)]).nullish(),
});
const endTokens = z.looseObject({
  eos_token_id: z.union([z.int().transform((id) => [id]), z.array(z.int())]).nullish(),
});

/** Reads tokenizer.json, tokenizer_config.json, where there is one chat_template.jinja, and of generation_config.json or config.json the end tokens. */
export function readTokenizer(folder: string): ChatTokenizer {
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const config = tokenizerConfig.parse(JSON.parse(text("tokenizer_config.json")));
  const json = JSON.parse(text("tokenizer.json")) as object;
  const own = existsSync(join(folder, "chat_template.jinja"));
  const template = own ? text("chat_template.jinja") : defaultTemplate(config.chat_template, folder);
  const toolTemplate = own ? null : namedOf(config.chat_template, "tool_use");
  const specials = Object.fromEntries(
    specialNames.flatMap((name) => {
      const token = config[`${name}_token`];
      return token == null ? [] : [[name, token]];
    }),
  );
  return chatTokenizer(json, { specials, template, toolTemplate, ends: endsOf(folder), source: folder });
}

/** A folder may name several templates; the one to use is called "default", as in Transformers. */
function defaultTemplate(template: z.infer<typeof tokenizerConfig>["chat_template"], folder: string): string | null {
  if (!Array.isArray(template)) return template ?? null;
  const found = namedOf(template, "default");
  if (found === null)
    throw new Error(
      `${folder} names its chat templates ${template.map(({ name }) => `"${name}"`).join(", ")}; one called "default" is needed`,
    );
  return found;
}

/** One of several templates by its name; "tool_use" is the one for conversations with tools. */
const namedOf = (templates: z.infer<typeof tokenizerConfig>["chat_template"], wanted: string): string | null =>
  (Array.isArray(templates) && templates.find(({ name }) => name === wanted)?.template) || null;

/** generation_config.json decides where it is there, else config.json does: Transformers' rule. */
function endsOf(folder: string): number[] {
  const name = ["generation_config.json", "config.json"].find((file) => existsSync(join(folder, file)));
  if (name === undefined) return [];
  return endTokens.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))).eos_token_id ?? [];
}

export interface TokenizerParts {
  /** Special tokens that there are, as text. */
  specials: Partial<Record<(typeof specialNames)[number], string>>;
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
  const tokenizer = new Tokenizer(json, { eos_token: eos, bos_token: bos, clean_up_tokenization_spaces: false });
  const id = (token: string | undefined) => (token === undefined ? undefined : tokenizer.token_to_id(token));
  const eosId = id(eos);
  if (eosId === undefined) throw new Error(`${source} names no end-of-sequence token`);
  const padId = id(pad);
  const jinja = template ? new Template(template) : null;
  const withTools = toolTemplate ? new Template(toolTemplate) : jinja;
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  // What Transformers hands to a template: what is not given is none, and only the special tokens that there are.
  const given = {
    tools: null,
    documents: null,
    ...Object.fromEntries(Object.entries(specials).map(([name, token]) => [`${name}_token`, token])),
  };
  return {
    encode,
    document: (text) => tokenizer.encode(text).ids,
    decode: (ids) => tokenizer.decode(ids, { skip_special_tokens: true }),
    show: (token) => tokenizer.decode([token], { skip_special_tokens: false }),
    conversation(messages, generationPrompt, options) {
      if (!jinja) throw new Error(`${source} has no chat template; use rows with plain text`);
      const chosen = (options?.tools && withTools) || jinja;
      const turns = templateMessages(messages);
      return encode(chosen.render({ ...given, messages: turns, add_generation_prompt: generationPrompt, ...options }));
    },
    eos: eosId,
    ends: new Set([eosId, ...ends]),
    bos: id(bos) ?? null,
    template,
    pad: padId === undefined || padId === eosId ? (eosId === 0 ? 1 : 0) : padId,
  };
}
