// Text to ids and back, and the chat template: one path for training, evaluation and chat.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";

export interface Message {
  role: string;
  content: string;
}

export interface ChatTokenizer {
  encode(text: string): number[];
  decode(ids: number[]): string;
  /** The ids of a conversation; with `generationPrompt` it ends where the assistant is to go on. */
  conversation(messages: Message[], generationPrompt: boolean): number[];
  /** One id as readable text, special tokens included. */
  show(id: number): string;
  eos: number;
  /** Never the end-of-sequence id: a model that cannot tell them apart never learns to stop. */
  pad: number;
  bos: number | null;
}

const tokenText = z
  .union([z.string(), z.object({ content: z.string() }).transform((token) => token.content)])
  .nullish();
const tokenizerConfig = z.looseObject({
  eos_token: tokenText,
  bos_token: tokenText,
  pad_token: tokenText,
  chat_template: z.string().nullish(),
});

/** Reads tokenizer.json, tokenizer_config.json and, where there is one, chat_template.jinja. */
export function readTokenizer(folder: string): ChatTokenizer {
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const config = tokenizerConfig.parse(JSON.parse(text("tokenizer_config.json")));
  const template = existsSync(join(folder, "chat_template.jinja")) ? text("chat_template.jinja") : config.chat_template;
  const json = JSON.parse(text("tokenizer.json")) as object;
  return chatTokenizer(json, {
    eos: config.eos_token,
    bos: config.bos_token,
    pad: config.pad_token,
    template,
    source: folder,
  });
}

interface Specials {
  eos: string | null | undefined;
  bos: string | null | undefined;
  pad: string | null | undefined;
  template: string | null | undefined;
  source: string;
}

function chatTokenizer(json: object, { eos, bos, pad, template, source }: Specials): ChatTokenizer {
  const tokenizer = new Tokenizer(json, { eos_token: eos, bos_token: bos, clean_up_tokenization_spaces: false });
  const id = (token: string | null | undefined) => (token == null ? undefined : tokenizer.token_to_id(token));
  const eosId = id(eos);
  if (eosId === undefined) throw new Error(`${source} names no end-of-sequence token`);
  const padId = id(pad);
  const jinja = template ? new Template(template) : null;
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    encode,
    decode: (ids) => tokenizer.decode(ids, { skip_special_tokens: true }),
    show: (token) => tokenizer.decode([token], { skip_special_tokens: false }),
    conversation(messages, generationPrompt) {
      if (!jinja) throw new Error(`${source} has no chat template; use rows with plain text`);
      return encode(
        jinja.render({ messages, add_generation_prompt: generationPrompt, bos_token: bos ?? "", eos_token: eos ?? "" }),
      );
    },
    eos: eosId,
    bos: id(bos) ?? null,
    pad: padId === undefined || padId === eosId ? (eosId === 0 ? 1 : 0) : padId,
  };
}

const ggufTokenizer = z.looseObject({
  "tokenizer.ggml.model": z.literal("gpt2", "only byte-level BPE tokenizers (gpt2) are supported in GGUF files"),
  "tokenizer.ggml.pre": z.string().optional(),
  "tokenizer.ggml.tokens": z.array(z.string()),
  "tokenizer.ggml.merges": z.array(z.string()),
  "tokenizer.ggml.token_type": z.array(z.number()),
  "tokenizer.ggml.eos_token_id": z.coerce.number(),
  "tokenizer.ggml.bos_token_id": z.coerce.number().optional(),
  "tokenizer.ggml.padding_token_id": z.coerce.number().optional(),
  "tokenizer.chat_template": z.string().optional(),
});
const controlToken = 3;

/** The tokenizer that a GGUF file carries, and the same as Hugging Face's files. `smollm` splits digits first. */
export function tokenizerFromGguf(
  metadata: Record<string, unknown>,
  source: string,
): { tokenizer: ChatTokenizer; files: Record<string, string> } {
  const meta = ggufTokenizer.parse(metadata);
  const tokens = meta["tokenizer.ggml.tokens"];
  const at = (id: number | undefined) => (id === undefined ? undefined : tokens[id]);
  const specials = tokens.flatMap((content, id) =>
    meta["tokenizer.ggml.token_type"][id] === controlToken ? [{ id, content, special: true, normalized: false }] : [],
  );
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const digits = { type: "Digits", individual_digits: true };
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specials.map((token) => ({ single_word: false, lstrip: false, rstrip: false, ...token })),
    normalizer: null,
    pre_tokenizer:
      meta["tokenizer.ggml.pre"] === "smollm" ? { type: "Sequence", pretokenizers: [digits, byteLevel] } : byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: meta["tokenizer.ggml.merges"].map((merge) => merge.split(" ")),
    },
  };
  const [eos, bos, pad] = ["eos", "bos", "padding"].map((name) =>
    at(meta[`tokenizer.ggml.${name}_token_id`] as number | undefined),
  );
  const template = meta["tokenizer.chat_template"];
  const tokenizer = chatTokenizer(json, { eos, bos, pad, template, source });
  const named = {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: eos,
    bos_token: bos,
    pad_token: tokens[tokenizer.pad],
    clean_up_tokenization_spaces: false,
  };
  const files = {
    "tokenizer.json": JSON.stringify(json),
    "tokenizer_config.json": JSON.stringify(named, null, 2),
    ...(template && { "chat_template.jinja": template }),
  };
  return { tokenizer, files };
}
