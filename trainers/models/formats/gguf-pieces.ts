// A sentencepiece model of GGUF (tokenizer.ggml.model "llama") as a tokenizer.json, and back: BPE whose merges follow from the scores of pieces.
import { isDeepStrictEqual } from "node:util";

interface Pieces {
  tokens: string[];
  scores: number[];
  /** Ids of pieces that text is made of. */
  isPlain(id: number): boolean;
  unknown: string | undefined;
  /** Whether a space is put before text. */
  prefix: boolean;
}

/** Its normalizer, pre-tokenizer, decoder and model. */
export function pieceTokenizer({ tokens, scores, isPlain, unknown, prefix }: Pieces): object {
  const unspace = { type: "Replace", pattern: { String: "▁" }, content: " " };
  const plain = new Map(tokens.flatMap((token, id) => (isPlain(id) ? [[token, id] as const] : [])));
  return {
    normalizer: normalizerOf(prefix),
    pre_tokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [
        unspace,
        { type: "ByteFallback" },
        { type: "Fuse" },
        ...(prefix ? [{ type: "Strip", content: " ", start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesOf(plain, scores),
      unk_token: unknown ?? null,
      fuse_unk: true,
      byte_fallback: true,
    },
  };
}

const space = { type: "Replace", pattern: { String: " " }, content: "▁" };
const normalizerOf = (prefix: boolean) =>
  prefix ? { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, space] } : space;

/** Whether a tokenizer.json's normalizer puts a space before text. Throws on what GGUF cannot say. */
export function prefixOf({ normalizer, pre_tokenizer }: { normalizer?: unknown; pre_tokenizer?: unknown }): boolean {
  const found = [true, false].find((prefix) => isDeepStrictEqual(normalizer, normalizerOf(prefix)));
  if (found === undefined || pre_tokenizer)
    throw new Error(
      `GGUF's sentencepiece models put "▁" for spaces and nothing else; this tokenizer has ${JSON.stringify({ normalizer, pre_tokenizer }).slice(0, 200)}`,
    );
  return found;
}

/** Scores from which the merges follow. Throws where none would do. */
export function scoresOf(vocab: Record<string, number>, merges: [string, string][]): Map<number, number> {
  const pieces = new Map(Object.entries(vocab));
  const ranks = new Map<string, number>();
  for (const pair of merges) if (!ranks.has(pair.join(""))) ranks.set(pair.join(""), ranks.size);
  const scores = new Map([...pieces].map(([piece, id]) => [id, -(ranks.get(piece) ?? ranks.size + id)]));
  const plain = new Map([...pieces].filter(([piece]) => ranks.has(piece) || [...piece].length === 1));
  const again = mergesOf(plain, Object.assign([], Object.fromEntries(scores)));
  const made = (list: [string, string][]) => list.map((pair) => pair.join(""));
  if (!isDeepStrictEqual(made(again), made(merges)))
    throw new Error("GGUF's sentencepiece models order merges by the piece that they make; this tokenizer does not");
  return scores;
}

/** Every way to make a piece of two others. Sentencepiece merges what makes the piece with the highest score. */
function mergesOf(pieces: ReadonlyMap<string, number>, scores: number[]): [string, string][] {
  const found: { pair: [string, string]; score: number }[] = [];
  for (const [piece, id] of pieces) {
    let at = 0;
    for (const character of piece) {
      at += character.length;
      const pair: [string, string] = [piece.slice(0, at), piece.slice(at)];
      if (pair.every((part) => pieces.has(part))) found.push({ pair, score: scores[id]! });
    }
  }
  return found.sort((a, b) => b.score - a.score).map(({ pair }) => pair);
}
