import { expect, test } from "vitest";
import { frequentSubstrings } from "./frequent-substrings";
import { latticeOf } from "./lattice";
import { trieOf } from "./trie";
import { digamma, trainUnigram } from "./unigram";

test("substrings that repeat are found with how often, the longest of those that always go on alike", () => {
  // every start of every occurrence, counted one by one
  const words = { abab: 3, bab: 2, "😀😁": 2, once: 1 };
  const counts = new Map<string, number>();
  for (const [word, count] of Object.entries(words)) {
    const characters = [...word];
    for (let i = 0; i < characters.length; i++)
      for (let j = i + 2; j <= characters.length; j++) {
        const substring = characters.slice(i, j).join("");
        counts.set(substring, (counts.get(substring) ?? 0) + count);
      }
  }
  const found = frequentSubstrings(new Map(Object.entries(words)), 16);
  for (const [substring, count] of found) expect([substring, count]).toEqual([substring, counts.get(substring)]);
  // "aba" occurs three times, always as "abab"
  expect([...found.keys()].sort()).toEqual(["ab", "abab", "bab", "😀😁"]);
});

/** Every way to cut a word into pieces. */
const ways = (word: string, pieces: string[]): string[][] =>
  word === ""
    ? [[]]
    : pieces
        .filter((piece) => word.startsWith(piece))
        .flatMap((piece) => ways(word.slice(piece.length), pieces).map((rest) => [piece, ...rest]));

test("how often pieces are expected, the likelihood and the likeliest way are those of all ways one by one", () => {
  const pieces = ["a", "b", "ab", "ba", "aba"];
  const scores = Float64Array.from([0.3, 0.2, 0.25, 0.15, 0.1], Math.log);
  const words = ["abab", "ba", "aabab"];
  const weights = [2, 1, 5];
  const lattice = latticeOf(words, trieOf(pieces));
  const expected = new Map(pieces.map((piece) => [piece, 0]));
  let logLikelihood = 0;
  for (const [i, word] of words.entries()) {
    const all = ways(word, pieces).map((way) => ({
      way,
      p: way.reduce((p, piece) => p * Math.exp(scores[pieces.indexOf(piece)]!), 1),
    }));
    const sum = all.reduce((total, { p }) => total + p, 0);
    logLikelihood += weights[i]! * Math.log(sum);
    for (const { way, p } of all)
      for (const piece of way) expected.set(piece, expected.get(piece)! + (weights[i]! * p) / sum);
    const best = all.reduce((a, b) => (b.p > a.p ? b : a)).way;
    expect(lattice.best(i, scores)!.map((piece) => pieces[piece])).toEqual(best);
  }
  const found = lattice.expected(scores, weights);
  expect(found.logLikelihood).toBeCloseTo(logLikelihood, 12);
  for (const [i, piece] of pieces.entries()) expect(found.counts[i]).toBeCloseTo(expected.get(piece)!, 12);
});

test("a piece that is left out of its own word is cut into others", () => {
  const pieces = ["a", "b", "ab"];
  const scores = Float64Array.from([0.2, 0.2, 0.6], Math.log);
  expect(latticeOf(pieces, trieOf(pieces), [0, 1, 2]).best(2, scores)).toEqual([0, 1]);
  expect(latticeOf(pieces, trieOf(pieces), [0, 1, 2]).best(0, scores)).toBeNull();
});

test("digamma has the values of its closed forms", () => {
  const gamma = 0.577_215_664_901_532_9; // Euler's constant
  expect(digamma(1)).toBeCloseTo(-gamma, 8);
  expect(digamma(0.5)).toBeCloseTo(-gamma - 2 * Math.LN2, 8);
  expect(digamma(10)).toBeCloseTo(-gamma + [1, 2, 3, 4, 5, 6, 7, 8, 9].reduce((sum, n) => sum + 1 / n, 0), 8);
});

test("words that texts were made of become pieces, and characters stay", () => {
  const counts = new Map(Object.entries({ "▁thing": 50, "▁think": 40, "▁walking": 30, "▁walk": 30, "▁quiz": 1 }));
  const characters = [...new Set([...counts.keys()].join(""))];
  const pieces = trainUnigram(counts, characters, characters.length + 4);
  expect(pieces.length).toBe(characters.length + 4);
  const texts = pieces.map(([text]) => text);
  expect(texts).toEqual(expect.arrayContaining([...characters, "▁thing", "▁think", "▁walk", "▁walking"]));
  const sum = pieces.reduce((total, [, score]) => total + Math.exp(score), 0);
  expect(sum).toBeLessThanOrEqual(1.01);
});
