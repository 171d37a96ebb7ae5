// All ways to cut words into pieces, where pieces are drawn independently of each other (Kudo 2018, section 3.1). Scores are logarithms of their
// probabilities; a piece without one, of score −∞, is passed over.
import type { Trie } from "./trie";

export interface Lattice {
  /** How often each piece is expected (forward and backward sums), and the logarithm of the likelihood of all words. */
  expected(scores: Float64Array, weights: ArrayLike<number>): { counts: Float64Array; logLikelihood: number };
  /** The pieces of the likeliest way to cut one word; null where there is none. */
  best(word: number, scores: Float64Array): number[] | null;
}

/** `without`: of each word a piece that is not used in it. */
export function latticeOf(words: string[], trie: Trie, without?: ArrayLike<number>): Lattice {
  const { begins, first, from, piece } = edgesOf(words, trie, without);
  const longest = words.reduce((most, word) => Math.max(most, word.length), 0) + 1;
  const [alpha, beta, via] = [new Float64Array(longest), new Float64Array(longest), new Int32Array(longest)];
  const lengthOf = (word: number) => begins[word + 1]! - begins[word]! - 1;

  function forward(word: number, scores: Float64Array): number {
    const [base, length] = [begins[word]!, lengthOf(word)];
    alpha[0] = 0;
    for (let end = 1; end <= length; end++) {
      let sum = Number.NEGATIVE_INFINITY;
      for (let edge = first[base + end]!; edge < first[base + end + 1]!; edge++)
        sum = logAdd(sum, alpha[from[edge]!]! + scores[piece[edge]!]!);
      alpha[end] = sum;
    }
    return alpha[length]!;
  }

  function backward(word: number, scores: Float64Array, seen: (piece: number, logWays: number) => void): void {
    const [base, length] = [begins[word]!, lengthOf(word)];
    beta.fill(Number.NEGATIVE_INFINITY, 0, length);
    beta[length] = 0;
    for (let end = length; end > 0; end--)
      for (let edge = first[base + end]!; edge < first[base + end + 1]!; edge++) {
        const [start, one] = [from[edge]!, piece[edge]!];
        const after = scores[one]! + beta[end]!;
        if (after === Number.NEGATIVE_INFINITY) continue;
        beta[start] = logAdd(beta[start]!, after);
        seen(one, alpha[start]! + after);
      }
  }

  return {
    expected(scores, weights) {
      const counts = new Float64Array(scores.length);
      let logLikelihood = 0;
      for (let word = 0; word < words.length; word++) {
        const all = forward(word, scores);
        const weight = weights[word]!;
        logLikelihood += weight * all;
        backward(word, scores, (one, ways) => {
          counts[one]! += weight * Math.exp(ways - all);
        });
      }
      return { counts, logLikelihood };
    },
    best(word, scores) {
      const [base, length] = [begins[word]!, lengthOf(word)];
      alpha[0] = 0;
      for (let end = 1; end <= length; end++) {
        alpha[end] = Number.NEGATIVE_INFINITY;
        for (let edge = first[base + end]!; edge < first[base + end + 1]!; edge++) {
          const score = alpha[from[edge]!]! + scores[piece[edge]!]!;
          if (score > alpha[end]!) [alpha[end], via[end]] = [score, edge];
        }
      }
      if (alpha[length] === Number.NEGATIVE_INFINITY) return null;
      const pieces: number[] = [];
      for (let end = length; end > 0; end = from[via[end]!]!) pieces.push(piece[via[end]!]!);
      return pieces.reverse();
    },
  };
}

/** Edges in order of the boundary between characters at which they end: those of boundary b are first[b] to first[b + 1]. */
function edgesOf(words: string[], trie: Trie, without?: ArrayLike<number>) {
  const [begins, first, from, piece] = [[], [], [], []] as number[][] as [number[], number[], number[], number[]];
  for (const [index, word] of words.entries()) {
    const characters = [...word];
    const endingAt: number[][] = Array.from({ length: characters.length + 1 }, () => []);
    for (let start = 0; start < characters.length; start++)
      trie.prefixes(characters, start, (end, found) => {
        if (found !== without?.[index]) endingAt[end]!.push(start, found);
      });
    begins.push(first.length);
    for (const edges of endingAt) {
      first.push(from.length);
      for (let i = 0; i < edges.length; i += 2) {
        from.push(edges[i]!);
        piece.push(edges[i + 1]!);
      }
    }
  }
  begins.push(first.length);
  first.push(from.length);
  return { begins, first: Int32Array.from(first), from: Int32Array.from(from), piece: Int32Array.from(piece) };
}

function logAdd(a: number, b: number): number {
  if (b === Number.NEGATIVE_INFINITY) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
