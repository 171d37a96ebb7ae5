// What a trained tokenizer is written as, in Hugging Face's layout.
import { cutsOf, type PreTokenizerName, preTokenizerOf } from "../models/pre-tokenizers";
import type { Bpe } from "./bpe";
import type { Piece } from "./unigram";

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

/** What stands for a space in pieces, as in SentencePiece. */
export const spaceMark = "▁";

/** The tokens before the pieces: special ones, the one that is required for what is unknown and never used, and the bytes of what is no piece. */
export const beforePieces = (specials: string[]): string[] => [...specials, unknown, ...byteTokens];
const unknown = "<unk>";
const byteTokens = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);

export function unigramFiles(pieces: Piece[], specials: Specials, pre: PreTokenizerName) {
  // less than their six characters one by one, so that a text which says <0x41> is not read as the byte
  const ofBytes = 7 * pieces.at(-1)![1];
  return {
    "tokenizer.json": {
      version: "1.0",
      added_tokens: addedTokens([...specials, unknown]),
      normalizer: null,
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          ...cutsOf(pre),
          { type: "Metaspace", replacement: spaceMark, prepend_scheme: "never", split: false },
        ],
      },
      post_processor: null,
      decoder: {
        type: "Sequence",
        decoders: [
          { type: "Replace", pattern: { String: spaceMark }, content: " " },
          { type: "ByteFallback" },
          { type: "Fuse" },
        ],
      },
      model: {
        type: "Unigram",
        unk_id: specials.length,
        vocab: [
          ...[...specials, unknown].map((token): Piece => [token, 0]),
          ...byteTokens.map((token): Piece => [token, ofBytes]),
          ...pieces,
        ],
        byte_fallback: true,
      },
    },
    "tokenizer_config.json": { ...config(specials), unk_token: unknown },
  };
}

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
