// What splits, lengths, languages and equal answers make of rows: each can be read, and may be a bad example.
import { languageOf, type Told } from "../../common/language";
import { earlierLike } from "../../common/min-hash";
import type { ReadRow } from "../../common/rows/formats";
import { textsOf } from "../../common/rows/row-texts";
import { plain, plainWords, wordsOf } from "../../common/words";

/** Prompts below this many words say too little to be alike by more than chance. */
const leastWords = 8;
/** Words that the longer answer has at least, and how many times those of the other. */
const [longWords, times] = [40, 4];

/** Words from which on a language is believed, since names and code look like any, and what share of its score another's must not reach. */
const leastToldWords = 12;
const surely = 0.85;

interface Advice {
  check: "leaking" | "identical" | "language" | "lopsided";
  detail: string;
}

/** Of one row after the other, each with its line or its number. */
export function rowAdvice(calls: "line" | "record"): (row: ReadRow, line: number) => Advice[] {
  const met = new Set<string>();
  const like = earlierLike();
  const lines: number[] = []; // of the prompts that `like` was asked about
  return (row, line) => {
    const [prompt = "", ...answers] = row.kind === "text" ? [] : textsOf(row);
    const words = plainWords(prompt);
    const isNew = words.length >= leastWords && !met.has(plain(prompt)); // the same prompt falls on the same side of a split
    if (isNew) met.add(plain(prompt));
    const similar = isNew ? like(words) : null;
    if (isNew) lines.push(line);
    return [
      ...(similar === null
        ? []
        : [{ check: "leaking" as const, detail: `almost the prompt of ${calls} ${lines[similar]}` }]),
      ...(judged.has(row.kind) ? [...identical(answers), ...foreign(prompt, answers), ...lopsided(answers)] : []),
    ];
  };
}

/** Kinds whose answers are compared, or said to be good or bad. */
const judged: ReadonlySet<ReadRow["kind"]> = new Set(["preference", "ranking", "answers", "unpaired"]);

const identical = (answers: string[]): Advice[] =>
  new Set(answers.map(plain)).size === answers.length
    ? []
    : [{ check: "identical", detail: "ignoring case and whitespace" }];

const told = (text: string): Told | null => (wordsOf(text).length < leastToldWords ? null : languageOf(text));

function foreign(prompt: string, texts: string[]): Advice[] {
  const answers = texts.map(told).filter((answer) => answer !== null);
  const asked = (told(prompt) ?? answers[0])?.language;
  const other = answers.find(
    ({ language, scores }) => language !== asked && (scores[asked!] ?? 0) < surely * scores[language]!,
  );
  return other ? [{ check: "language", detail: `${nameOf(other.language)} beside ${nameOf(asked!)}` }] : [];
}

const names = new Intl.DisplayNames("en", { type: "language" });
const nameOf = (code: string) => names.of(code) ?? code;

/** Of two answers; rankings have some of each length. */
function lopsided(answers: string[]): Advice[] {
  if (answers.length !== 2) return [];
  const [short, long] = answers.map((text) => plainWords(text).length).sort((a, b) => a - b) as [number, number];
  if (long < longWords || long < times * Math.max(1, short)) return [];
  return [{ check: "lopsided", detail: `${short} words against ${long}` }];
}
