// The tokenizer that a GGUF file carries, and the same as Hugging Face's files.
import { z } from "zod";
import { about, parsedFields } from "../fields";
import { ignoresMerges, preTokenizerOf } from "../pre-tokenizers";
import { type ChatTokenizer, chatTokenizer } from "../tokenizer";
import { pieceTokenizer } from "./gguf-pieces";

const id = z.union([z.number(), z.bigint()]).transform(Number).optional();
/** Every key that is read; the rest is checked with the model's (gguf-metadata.ts). */
export const tokenizerKeys = z.object({
  "tokenizer.ggml.model": z.enum(
    ["gpt2", "llama"],
    "Byte-level BPE (gpt2) and sentencepiece models (llama) are supported in GGUF files",
  ),
  "tokenizer.ggml.pre": z.string().default("default"), // llama.cpp's rule for files without it
  "tokenizer.ggml.tokens": z.array(z.string()),
  "tokenizer.ggml.merges": z.array(z.string()).default([]),
  "tokenizer.ggml.scores": z.array(z.number()).optional(),
  "tokenizer.ggml.token_type": z.array(z.number()),
  "tokenizer.ggml.eos_token_id": id,
  "tokenizer.ggml.eot_token_id": id,
  "tokenizer.ggml.eom_token_id": id,
  "tokenizer.ggml.bos_token_id": id,
  "tokenizer.ggml.padding_token_id": id,
  "tokenizer.ggml.unknown_token_id": id,
  "tokenizer.ggml.add_bos_token": z.boolean().optional(),
  "tokenizer.ggml.add_eos_token": z.boolean().default(false),
  "tokenizer.ggml.add_space_prefix": z.boolean().default(true),
  "tokenizer.chat_template": z.string().optional(),
  "tokenizer.huggingface.json": z.string().optional(),
});
type Metadata = z.infer<typeof tokenizerKeys>;

/** tokenizer.json as it lies within the file. Throws with the file's name. */
function givenJson(text: string, source: string): object {
  try {
    return z.looseObject({}).parse(JSON.parse(text));
  } catch (cause) {
    throw about(`tokenizer.huggingface.json of ${source}`, cause);
  }
}

/** GGUF's kinds of token. */
export const tokenKinds = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 };

export function tokenizerFromGguf(
  metadata: Record<string, unknown>,
  source: string,
): { tokenizer: ChatTokenizer; files: Record<string, string> } {
  const meta = parsedFields(tokenizerKeys, metadata, source);
  const tokens = meta["tokenizer.ggml.tokens"];
  const types = meta["tokenizer.ggml.token_type"];
  const whole = meta["tokenizer.huggingface.json"];
  const json = whole === undefined ? tokenizerJson(meta, source) : givenJson(whole, source);
  const known = Object.entries({
    bos: meta["tokenizer.ggml.bos_token_id"],
    eos: meta["tokenizer.ggml.eos_token_id"],
    pad: meta["tokenizer.ggml.padding_token_id"],
    unk: meta["tokenizer.ggml.unknown_token_id"],
  });
  const specials = Object.fromEntries(
    known.flatMap(([name, id]) => (id === undefined || tokens[id] === undefined ? [] : [[name, tokens[id]]])),
  );
  const ends = [meta["tokenizer.ggml.eot_token_id"], meta["tokenizer.ggml.eom_token_id"]];
  const template = meta["tokenizer.chat_template"] ?? null;
  const tokenizer = chatTokenizer(json, {
    specials,
    template,
    ends: ends.filter((id) => id !== undefined),
    source,
  });
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    ...Object.fromEntries(Object.entries(specials).map(([name, token]) => [`${name}_token`, token])),
    // Only a control token may be named so: others would be left out of decoded text.
    pad_token: types[tokenizer.pad] === tokenKinds.control ? tokens[tokenizer.pad] : undefined,
    clean_up_tokenization_spaces: false,
  };
  const files = {
    "tokenizer.json": JSON.stringify(json),
    "tokenizer_config.json": JSON.stringify(config, null, 2),
    ...(template !== null && { "chat_template.jinja": template }),
  };
  return { tokenizer, files };
}

/** A tokenizer.json from what llama.cpp goes by. */
function tokenizerJson(meta: Metadata, source: string): object {
  const { "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": types } = meta;
  const added = tokens.flatMap((content, id) => {
    const special = types[id] === tokenKinds.control || types[id] === tokenKinds.unknown;
    if (!special && types[id] !== tokenKinds.userDefined) return [];
    return [{ id, content, special, normalized: false, single_word: false, lstrip: false, rstrip: false }];
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    post_processor: postProcessor(meta),
    ...(isPieces(meta) ? pieces(meta, source) : byteLevel(meta, source)),
  };
}

const isPieces = (meta: Metadata) => meta["tokenizer.ggml.model"] === "llama";

function byteLevel(meta: Metadata, source: string): object {
  const { "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.pre": pre } = meta;
  return {
    normalizer: null,
    pre_tokenizer: preTokenizerOf(pre, source),
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: meta["tokenizer.ggml.merges"].map((merge) => merge.split(" ")),
      ignore_merges: ignoresMerges(pre),
    },
  };
}

function pieces(meta: Metadata, source: string): object {
  const { "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": types, "tokenizer.ggml.scores": scores } = meta;
  if (scores?.length !== tokens.length)
    throw new Error(
      `${source} has ${tokens.length} tokens and ${scores?.length ?? "no"} scores (tokenizer.ggml.scores); a sentencepiece model needs one for each`,
    );
  return pieceTokenizer({
    tokens,
    scores,
    isPlain: (id) => types[id] === tokenKinds.normal,
    unknown: tokens[meta["tokenizer.ggml.unknown_token_id"] ?? types.indexOf(tokenKinds.unknown)],
    prefix: meta["tokenizer.ggml.add_space_prefix"],
  });
}

/** What plain text is put between. Without a word about it, llama.cpp begins text with BOS where it cuts as Llama 3 does, and pieces. */
function postProcessor(meta: Metadata): object | null {
  const tokens = meta["tokenizer.ggml.tokens"];
  const bos =
    (meta["tokenizer.ggml.add_bos_token"] ?? (isPieces(meta) || ignoresMerges(meta["tokenizer.ggml.pre"])))
      ? meta["tokenizer.ggml.bos_token_id"]
      : undefined;
  const eos = meta["tokenizer.ggml.add_eos_token"] ? meta["tokenizer.ggml.eos_token_id"] : undefined;
  const around = [bos, eos].filter((id) => id !== undefined);
  if (around.length === 0) return null;
  const special = (id: number | undefined) =>
    id === undefined ? [] : [{ SpecialToken: { id: tokens[id]!, type_id: 0 } }];
  const text = (name: string) => [{ Sequence: { id: name, type_id: 0 } }];
  return {
    type: "TemplateProcessing",
    single: [...special(bos), ...text("A"), ...special(eos)],
    pair: [...special(bos), ...text("A"), ...special(eos), ...special(bos), ...text("B"), ...special(eos)],
    special_tokens: Object.fromEntries(
      around.map((id) => [tokens[id]!, { id: tokens[id]!, ids: [id], tokens: [tokens[id]!] }]),
    ),
  };
}
