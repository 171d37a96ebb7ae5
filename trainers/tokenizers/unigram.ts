// Unigram (Kudo 2018, "Subword regularization", arXiv 1804.10959): from many pieces to few. Frequent substrings begin; the EM algorithm finds their
// probabilities; those whose loss would cost the likelihood least go, a quarter at a time, until there are a tenth more than asked; the likeliest
// of these stay. Single characters always do. As in SentencePiece and UnigramTrainer of tokenizers 0.23.3, but for the first pieces: both count how
// many different words a substring is in, here every occurrence counts.
import { frequentSubstrings } from "./frequent-substrings";
import { type Lattice, latticeOf } from "./lattice";
import { trieOf } from "./trie";

const longestPiece = 16;
const mostSeeds = 1_000_000;
const emSteps = 2;
const shrinkBy = 0.75;
/** A piece that is expected more seldom goes. */
const leastExpected = 0.5;

export type Piece = [text: string, score: number];

/** `size` pieces with the logarithms of their probabilities, the likeliest first. `counts`: how often each word occurs; all of `characters`. */
export function trainUnigram(counts: ReadonlyMap<string, number>, characters: string[], size: number): Piece[] {
  const [words, weights] = [[...counts.keys()], Float64Array.from(counts.values())];
  const isCharacter = (piece: number) => piece < characters.length; // they stand first
  let [pieces, scores] = seeds(counts, characters);
  for (;;) {
    const trie = trieOf(pieces);
    const lattice = latticeOf(words, trie);
    for (let step = 0; step < emSteps; step++)
      scores = maximised(lattice.expected(scores, weights).counts, isCharacter);
    const alive = indices(pieces).filter((piece) => scores[piece]! > Number.NEGATIVE_INFINITY);
    if (alive.length <= 1.1 * size) return likeliest(pieces, scores, alive, isCharacter, size);
    const frequencies = likeliestUse(lattice, scores, weights);
    const alternatives = latticeOf(pieces, trie, indices(pieces));
    const all = frequencies.reduce((sum, use) => sum + use, 0);
    const loss = new Map(
      alive
        .filter((piece) => !isCharacter(piece) && frequencies[piece]! > 0)
        .map((piece) => [piece, lossWithout(frequencies, all, piece, alternatives.best(piece, scores)!)]),
    );
    const room = Math.floor(Math.max(1.1 * size, shrinkBy * alive.length)) - characters.length;
    const rest = [...loss.keys()].sort((a, b) => loss.get(b)! - loss.get(a)!).slice(0, room);
    const kept = [...indices(characters), ...rest];
    pieces = kept.map((piece) => pieces[piece]!);
    scores = Float64Array.from(kept, (piece) => scores[piece]!);
  }
}

const indices = (list: { length: number }) => Array.from({ length: list.length }, (_, i) => i);

/** Characters, then substrings by how often they occur times how long they are; shares of that are the first probabilities. */
function seeds(counts: ReadonlyMap<string, number>, characters: string[]): [string[], Float64Array] {
  const single = new Map(characters.map((character) => [character, 0]));
  for (const [word, count] of counts)
    for (const character of word) single.set(character, single.get(character)! + count);
  const substrings = [...frequentSubstrings(counts, longestPiece)]
    .map(([text, count]): Piece => [text, count * [...text].length])
    .sort(byScore)
    .slice(0, mostSeeds);
  const all = [...single, ...substrings];
  const sum = all.reduce((total, [, score]) => total + score, 0);
  return [all.map(([text]) => text), Float64Array.from(all, ([, score]) => Math.log(Math.max(score, 0.5) / sum))];
}

/** The M-step, which favours few pieces: digamma in the logarithm's place (Liang et al. 2007), as in SentencePiece. */
function maximised(expected: Float64Array, isCharacter: (piece: number) => boolean): Float64Array {
  const counts = expected.map((count, piece) =>
    count >= leastExpected ? count : isCharacter(piece) ? leastExpected : 0,
  );
  const all = digamma(counts.reduce((sum, count) => sum + count, 0));
  return counts.map((count) => (count === 0 ? Number.NEGATIVE_INFINITY : digamma(count) - all));
}

/** How often each piece is used where every word is cut in its likeliest way. */
function likeliestUse(lattice: Lattice, scores: Float64Array, weights: Float64Array): Float64Array {
  const uses = new Float64Array(scores.length);
  for (const [word, weight] of weights.entries())
    for (const piece of lattice.best(word, scores)!) uses[piece]! += weight;
  return uses;
}

/** By how much the logarithm of the likelihood falls where its uses go to `alternative`, as SentencePiece reckons it. */
function lossWithout(uses: Float64Array, all: number, piece: number, alternative: number[]): number {
  const own = uses[piece]!;
  const logAll = Math.log(all + own * (alternative.length - 1));
  const instead = alternative.reduce((sum, other) => sum + Math.log(uses[other]! + own) - logAll, 0);
  return own * (Math.log(own / all) - instead);
}

function likeliest(
  pieces: string[],
  scores: Float64Array,
  alive: number[],
  isCharacter: (piece: number) => boolean,
  size: number,
): Piece[] {
  const all = alive.map((piece): Piece => [pieces[piece]!, scores[piece]!]);
  const characters = all.filter((_, i) => isCharacter(alive[i]!));
  const others = all.filter((_, i) => !isCharacter(alive[i]!)).sort(byScore);
  return [...characters, ...others.slice(0, size - characters.length)].sort(byScore);
}

/** The highest first, and those that are equal in the order of their texts. */
const byScore = ([a, x]: Piece, [b, y]: Piece) => y - x || (a < b ? -1 : 1);

/** Of numbers above 0: by its recurrence from 7 on, where Stirling's series holds to 1e-9. */
export function digamma(x: number): number {
  let below = 0;
  for (; x < 7; x++) below += 1 / x;
  const square = 1 / (x * x);
  return Math.log(x) - 1 / (2 * x) - square * (1 / 12 - square * (1 / 120 - square / 252)) - below;
}
