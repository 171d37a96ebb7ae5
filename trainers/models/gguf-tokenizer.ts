// The tokenizer that a GGUF file carries, and the same as Hugging Face's files.
import { z } from "zod";
import { type ChatTokenizer, chatTokenizer } from "./tokenizer";

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

/** `smollm` splits digits first. */
export function tokenizerFromGguf(
  metadata: Record<string, unknown>,
  source: string,
): { tokenizer: ChatTokenizer; files: Record<string, string> } {
  const meta = ggufTokenizer.parse(metadata);
  const tokens = meta["tokenizer.ggml.tokens"];
  const at = (id: number | undefined) => (id === undefined ? undefined : tokens[id]);
  const control = tokens.flatMap((content, id) =>
    meta["tokenizer.ggml.token_type"][id] === controlToken ? [{ id, content, special: true, normalized: false }] : [],
  );
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const digits = { type: "Digits", individual_digits: true };
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: control.map((token) => ({ single_word: false, lstrip: false, rstrip: false, ...token })),
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
  const specials = Object.fromEntries(Object.entries({ eos, bos, pad }).filter(([, token]) => token !== undefined));
  const tokenizer = chatTokenizer(json, { specials, template: template ?? null, ends: [], source });
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: eos,
    bos_token: bos,
    pad_token: tokens[tokenizer.pad],
    clean_up_tokenization_spaces: false,
  };
  const files = {
    "tokenizer.json": JSON.stringify(json),
    "tokenizer_config.json": JSON.stringify(config, null, 2),
    ...(template && { "chat_template.jinja": template }),
  };
  return { tokenizer, files };
}
