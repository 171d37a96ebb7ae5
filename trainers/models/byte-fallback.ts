import type { Tokenizer } from "@huggingface/tokenizers";

/** Unigram of @huggingface/tokenizers 0.2.0 takes what is no piece for unknown where tokenizers 0.23 has its bytes. */
export function withByteFallback(tokenizer: Tokenizer): Tokenizer {
  const model = tokenizer.model!;
  if (!Array.isArray(model.config.vocab) || !("byte_fallback" in model.config && model.config.byte_fallback))
    return tokenizer;
  const known = model.tokens_to_ids;
  const inPieces = model.encode.bind(model);
  model.encode = (words) =>
    inPieces(words).flatMap((piece) => {
      if (known.has(piece)) return piece;
      const bytes = Array.from(Buffer.from(piece, "utf8"), byteToken);
      return bytes.every((token) => known.has(token)) ? bytes : piece;
    });
  return tokenizer;
}

const byteToken = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
