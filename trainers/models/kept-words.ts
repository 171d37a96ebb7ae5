// Words as ByteLevel of @huggingface/tokenizers 0.2.0 spells them, each once: to spell them is half of its work, and texts are made of few.
import type { Tokenizer } from "@huggingface/tokenizers";

/** How many are kept, and of how many characters: nobody writes what is longer twice. */
const [most, longest] = [50_000, 64];

/** A step that spells each piece of text by itself, whatever stands beside it. */
interface ByteLevel {
  byte_encoder: unknown;
  use_regex: boolean;
  add_prefix_space: boolean;
  pre_tokenize_text(piece: string, options: unknown): string[];
}

export function withKeptWords(tokenizer: Tokenizer): Tokenizer {
  for (const step of stepsOf(tokenizer.pre_tokenizer)) if (spellsAlone(step)) keepWords(step);
  return tokenizer;
}

const stepsOf = (step: unknown): unknown[] =>
  isObject(step) && Array.isArray(step.tokenizers) ? step.tokenizers.flatMap(stepsOf) : [step];

const isObject = (value: unknown): value is Record<string, unknown> =>
  (typeof value === "object" || typeof value === "function") && value !== null;

const spellsAlone = (step: unknown): step is ByteLevel =>
  isObject(step) && "byte_encoder" in step && step.use_regex === false && step.add_prefix_space === false;

function keepWords(step: ByteLevel): void {
  const spell = step.pre_tokenize_text.bind(step);
  const kept = new Map<string, string[]>();
  step.pre_tokenize_text = (piece, options) => {
    const known = kept.get(piece);
    if (known) return known;
    const spelt = spell(piece, options);
    if (piece.length > longest) return spelt;
    if (kept.size === most) kept.clear();
    kept.set(piece, spelt);
    return spelt;
  };
}
