// What splits and lengths make of rows: nothing is wrong with such a row by itself.
import { earlierLike } from "../../../../common/min-hash";
import type { ReadRow } from "../../../../common/rows/formats";
import { plain, plainWords } from "../../../../common/words";
import { textsOf } from "../../checks/row-texts";

/** Prompts below this many words say too little to be alike by more than chance. */
const leastWords = 8;
/** Words that the longer answer has at least, and how many times those of the other. */
const [longWords, times] = [40, 4];

/** Of one row after the other, each with its line. */
export function rowAdvice(): (row: ReadRow, line: number) => { check: "leaking" | "lopsided"; detail: string }[] {
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
    const lengths = row.kind === "preference" ? answers.map((answer) => plainWords(answer).length) : [0, 0];
    const [short, long] = [Math.min(...lengths), Math.max(...lengths)];
    return [
      ...(similar === null
        ? []
        : [{ check: "leaking" as const, detail: `almost the prompt of line ${lines[similar]}` }]),
      ...(long >= longWords && long >= times * Math.max(1, short)
        ? [{ check: "lopsided" as const, detail: `${short} words against ${long}` }]
        : []),
    ];
  };
}
