// The dataset doctor: what may be wrong with pairs. Pure, so that it runs wherever the rows are.
import { francAll } from "franc-min";
import { resembled } from "../../../common/min-hash";
import { groupBy } from "../../group-by";
import type { Finding } from "./data-checks-schema";
import { privateData } from "./private-data";

export interface CheckedPair {
  id: number;
  prompt: string;
  first: string;
  second: string;
  /** Above 0 the first answer is preferred, below 0 the second; 0 where nothing is decided. */
  balance: number;
}

/** Everything found, by check and then by pair. */
export function checkPairs(rows: CheckedPair[]): Finding[] {
  const texts = rows.map((row) => ({ row, key: keyOf(row) }));
  const repeats = groupBy(texts, ({ key }) => key);
  const once = [...repeats.values()].map(([first]) => first!.row);
  return [
    ...repeated([...repeats.values()].map((same) => same.map(({ row }) => row))),
    ...alike(once),
    ...leaking(once),
    ...rows.flatMap((row) => [...identical(row), ...personal(row), ...foreign(row), ...lopsided(row)]),
  ];
}

const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
const keyOf = ({ prompt, first, second }: CheckedPair) =>
  JSON.stringify([plain(prompt), ...[plain(first), plain(second)].sort()]);

/** The second and later of pairs that are one, and among them those that are judged the other way. */
function repeated(groups: CheckedPair[][]): Finding[] {
  return groups.flatMap(([first, ...others]) =>
    others.flatMap((row): Finding[] => {
      const turned = plain(row.first) !== plain(first!.first);
      const [here, there] = [turned ? -row.balance : row.balance, first!.balance];
      const found = { itemId: row.id, other: first!.id };
      return [
        { ...found, check: "repeated", detail: turned ? "answers swapped" : "exact" },
        ...(here * there < 0
          ? [{ ...found, check: "contradicted" as const, detail: "the other answer is preferred here" }]
          : []),
      ];
    }),
  );
}

/** Scripts that put no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Words as numbers, for MinHash. */
const words = (text: string) => wordsOf(plain(text)).map(hashOf);

function wordsOf(text: string): string[] {
  if (!unspaced.test(text)) return text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => (isWordLike ? [segment] : [])).flat();
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const alike = (rows: CheckedPair[]): Finding[] =>
  resembled(rows.map(({ prompt, first, second }) => words([prompt, ...[first, second].sort()].join("\n")))).flatMap(
    (like, i) =>
      like === null
        ? []
        : [{ check: "alike", itemId: rows[i]!.id, other: rows[like]!.id, detail: "80 % or more in common" }],
  );

/** Prompts below this many words say too little to be alike by more than chance. */
const leastWords = 8;

function leaking(rows: CheckedPair[]): Finding[] {
  const long = rows.map((row) => ({ row, words: words(row.prompt) })).filter((one) => one.words.length >= leastWords);
  const byPrompt = [...groupBy(long, ({ row }) => row.prompt).values()].map(([first]) => first!);
  return resembled(byPrompt.map((one) => one.words)).flatMap((like, i) =>
    like === null
      ? []
      : [
          {
            check: "leaking",
            itemId: byPrompt[i]!.row.id,
            other: byPrompt[like]!.row.id,
            detail: "almost the same prompt",
          },
        ],
  );
}

const identical = ({ id, first, second }: CheckedPair): Finding[] =>
  plain(first) === plain(second)
    ? [{ check: "identical", itemId: id, other: null, detail: "ignoring case and whitespace" }]
    : [];

const personal = ({ id, prompt, first, second }: CheckedPair): Finding[] =>
  privateData([prompt, first, second].join("\n")).map((detail) => ({
    check: "private",
    itemId: id,
    other: null,
    detail,
  }));

/** Letters from which on a language is guessed, and how much nearer its trigrams must be than the other's. */
const leastLetters = 80;
/** Letters that are read of a text: more tell no more. */
const readLetters = 400;
const surely = 0.9;

/** ISO 639-3 of a text, null where it is too short. */
function languageOf(text: string): string | null {
  const start = text.slice(0, readLetters);
  if (start.replace(/\P{L}/gu, "").length < leastLetters) return null;
  return francAll(start)[0]?.[0] ?? null;
}

function foreign({ id, prompt, first, second }: CheckedPair): Finding[] {
  const told = [first, second].map((text) => ({ text, language: languageOf(text) }));
  const asked = languageOf(prompt) ?? told.find(({ language }) => language)?.language ?? null;
  const others = told.filter(({ text, language }) => {
    if (asked === null || language === null || language === asked) return false;
    const near = francAll(text.slice(0, readLetters)).find(([code]) => code === asked)?.[1] ?? 0;
    return near < surely;
  });
  return others.slice(0, 1).map(({ language }) => {
    const [from, to] = [nameOf(asked!), nameOf(language!)];
    return { check: "language", itemId: id, other: null, detail: `${to} beside ${from}` };
  });
}

const names = new Intl.DisplayNames("en", { type: "language" });
const nameOf = (code: string) => names.of(code) ?? code;

/** Words that the longer answer has at least. */
const longWords = 40;
const times = 4;

function lopsided({ id, first, second }: CheckedPair): Finding[] {
  const [short, long] = [first, second].map((text) => words(text).length).sort((a, b) => a - b) as [number, number];
  if (long < longWords || long < times * Math.max(1, short)) return [];
  return [{ check: "length", itemId: id, other: null, detail: `${short} words against ${long}` }];
}
