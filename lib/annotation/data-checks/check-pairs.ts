// The dataset doctor: what may be wrong with pairs. Pure, so that it runs wherever the rows are.
import { languageOf, type Told } from "../../../common/language";
import { resembled } from "../../../common/min-hash";
import { privateData } from "../../../common/text-checks/private-data";
import { plain, plainWords as words, wordsOf } from "../../../common/words";
import { groupBy } from "../../group-by";
import { isSingle } from "../items/single-answers";
import type { Finding } from "./data-checks-schema";

export interface CheckedPair {
  id: number;
  prompt: string;
  first: string;
  /** Empty where the first is judged by itself. */
  second: string;
  /** Above 0 the first answer is preferred or good, below 0 the second; 0 where nothing is decided. */
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
          ? [
              {
                ...found,
                check: "contradicted" as const,
                detail: isSingle(row) ? "labelled the other way here" : "the other answer is preferred here",
              },
            ]
          : []),
      ];
    }),
  );
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

/** Words from which on a language is believed, since names and code look like any, and what share of its score another's must not reach. */
const leastToldWords = 12;
const surely = 0.85;

const told = (text: string): Told | null => (wordsOf(text).length < leastToldWords ? null : languageOf(text));

function foreign({ id, prompt, first, second }: CheckedPair): Finding[] {
  const answers = [told(first), told(second)].filter((answer) => answer !== null);
  const asked = (told(prompt) ?? answers[0])?.language;
  const other = answers.find(
    ({ language, scores }) => language !== asked && (scores[asked!] ?? 0) < surely * scores[language]!,
  );
  if (!other) return [];
  return [{ check: "language", itemId: id, other: null, detail: `${nameOf(other.language)} beside ${nameOf(asked!)}` }];
}

const names = new Intl.DisplayNames("en", { type: "language" });
const nameOf = (code: string) => names.of(code) ?? code;

/** Words that the longer answer has at least. */
const longWords = 40;
const times = 4;

function lopsided({ id, first, second }: CheckedPair): Finding[] {
  if (isSingle({ second })) return [];
  const [short, long] = [first, second].map((text) => words(text).length).sort((a, b) => a - b) as [number, number];
  if (long < longWords || long < times * Math.max(1, short)) return [];
  return [{ check: "length", itemId: id, other: null, detail: `${short} words against ${long}` }];
}
