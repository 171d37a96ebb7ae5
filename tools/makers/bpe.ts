// Byte-level BPE (Sennrich et al. 2016; GPT-2's byte alphabet and split), trained from word counts. Makes a tokenizer.json.

/** GPT-2's printable stand-in for every byte. */
function byteAlphabet(): string[] {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

const split = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Merges pairs by count, ties by text order, until `vocabSize` is reached or no pair occurs twice. */
export function trainBpe(
  texts: Iterable<string>,
  specials: string[],
  vocabSize: number,
): { vocab: Record<string, number>; merges: [string, string][] } {
  const alphabet = byteAlphabet();
  const counts = new Map<string, number>();
  for (const text of texts) for (const [word] of text.matchAll(split)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => ({
    count,
    symbols: [...Buffer.from(word, "utf8")].map((byte) => alphabet[byte]!),
  }));

  const tokens = [...specials, ...alphabet];
  const merges: [string, string][] = [];
  while (tokens.length < vocabSize) {
    const pair = commonestPair(words);
    if (!pair) break;
    merges.push(pair);
    tokens.push(pair.join(""));
    for (const word of words) word.symbols = merge(word.symbols, pair);
  }
  return { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

function commonestPair(words: { count: number; symbols: string[] }[]): [string, string] | null {
  const pairs = new Map<string, number>();
  for (const { count, symbols } of words)
    for (let i = 1; i < symbols.length; i++) {
      const key = `${symbols[i - 1]} ${symbols[i]}`;
      pairs.set(key, (pairs.get(key) ?? 0) + count);
    }
  let best: [string, number] | null = null;
  for (const [key, count] of pairs)
    if (count > 1 && (!best || count > best[1] || (count === best[1] && key < best[0]))) best = [key, count];
  return best && (best[0].split(" ") as [string, string]);
}

function merge(symbols: string[], [left, right]: [string, string]): string[] {
  const out: string[] = [];
  for (const symbol of symbols) {
    if (symbol === right && out.at(-1) === left) out[out.length - 1] = left + right;
    else out.push(symbol);
  }
  return out;
}

/** tokenizer.json and tokenizer_config.json in Hugging Face's layout; the first special is PAD, then the turn marks. */
export function tokenizerFiles(bpe: ReturnType<typeof trainBpe>, specials: [pad: string, start: string, end: string]) {
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const [pad, start, end] = specials;
  return {
    "tokenizer.json": {
      version: "1.0",
      added_tokens: specials.map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: null,
      decoder: byteLevel,
      model: {
        type: "BPE",
        ...bpe,
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
      },
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      pad_token: pad,
      bos_token: start,
      eos_token: end,
      clean_up_tokenization_spaces: false,
      chat_template: `{% for message in messages %}${start}{{ message['role'] + '\n' + message['content'] }}${end}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}${start}{{ 'assistant\n' }}{% endif %}`,
    },
  };
}
