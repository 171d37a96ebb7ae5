// What a trained tokenizer is written as, in Hugging Face's layout.
import { preTokenizerOf } from "../models/pre-tokenizers";
import type { Bpe } from "./bpe";

/** The first pads, the others stand around a turn; the last of these ends an answer. */
export const usualSpecials: Specials = ["<|pad|>", "<|im_start|>", "<|im_end|>"];
export type Specials = [pad: string, start: string, end: string, ...more: string[]];

/** `pre`: where text is cut before the merges, by llama.cpp's names. */
export const bpeFiles = ({ vocab, merges }: Bpe, specials: Specials, pre: string) => ({
  "tokenizer.json": {
    version: "1.0",
    added_tokens: addedTokens(specials),
    normalizer: null,
    pre_tokenizer: preTokenizerOf(pre, "the tokenizer"),
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      ...{ type: "BPE", vocab, merges, dropout: null, unk_token: null, continuing_subword_prefix: null },
      ...{ end_of_word_suffix: null, fuse_unk: false, byte_fallback: false },
    },
  },
  "tokenizer_config.json": config(specials),
});

/** As many as there are, by their ids. */
const addedTokens = (specials: string[]) =>
  specials.map((content, id) => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  }));

const config = ([pad, start, end]: Specials) => ({
  tokenizer_class: "PreTrainedTokenizerFast",
  pad_token: pad,
  bos_token: start,
  eos_token: end,
  clean_up_tokenization_spaces: false,
  chat_template: `{% for message in messages %}${start}{{ message['role'] + '\n' + message['content'] }}${end}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}${start}{{ 'assistant\n' }}{% endif %}`,
});
