// Rows that come again: word for word, with the same label or another one, or nearly so.
import { createHash } from "node:crypto";
import { earlierLike } from "../../common/min-hash";
import type { ReadRow } from "../../common/rows/formats";
import { textsOf } from "../../common/rows/row-texts";
import { plain, plainWords } from "../../common/words";

export interface Earlier {
  check: "repeated" | "contradicted" | "alike";
  /** Which of the rows asked about it is, counted from 0. */
  row: number;
}

/** Of one row after the other: the earlier one that says the same; else null. */
export function earlierRows(): (row: ReadRow) => Earlier | null {
  const exact = new Map<string, number>();
  const labels: (string | null)[] = []; // of each row
  const like = earlierLike();
  const firsts: number[] = []; // the rows that `like` was asked about
  return (row) => {
    const { texts, label } = statement(row);
    const key = createHash("sha256").update(texts.map(plain).join("\n\n")).digest().toString("latin1");
    const number = labels.push(label) - 1;
    const same = exact.get(key);
    if (same !== undefined) {
      const isJudgedOtherwise = label !== null && labels[same] !== null && label !== labels[same];
      return { check: isJudgedOtherwise ? "contradicted" : "repeated", row: same };
    }
    exact.set(key, number);
    firsts.push(number);
    const similar = like(plainWords(textsOf(row).join("\n\n")));
    return similar === null ? null : { check: "alike", row: firsts[similar]! };
  };
}

/** What a row says, and what its label says of it; null where it has none. */
interface Statement {
  texts: string[];
  label: string | null;
}

function statement(row: ReadRow): Statement {
  const [prompt = "", ...answers] = textsOf(row);
  switch (row.kind) {
    case "preference":
      return ranked(prompt, answers, [1, 2]);
    case "ranking":
      return ranked(prompt, answers, row.ranks);
    case "answers":
      return { texts: [prompt, ...answers.map(plain).sort()], label: null };
    case "unpaired":
      return { texts: [prompt, ...answers], label: String(row.label) };
    case "stepwise":
      return { texts: [prompt, ...answers], label: row.steps.map(({ label }) => label).join() };
    default:
      return { texts: [prompt, ...answers], label: null };
  }
}

/** The same for the same answers in another order, with their places among the ranks: 1, 2 says what 10, 20 says. */
function ranked(prompt: string, answers: string[], ranks: number[]): Statement {
  const places = [...new Set(ranks)].sort((a, b) => a - b);
  const sorted = answers
    .map((answer, i) => ({ answer: plain(answer), place: places.indexOf(ranks[i]!) }))
    .sort((a, b) => (a.answer < b.answer ? -1 : a.answer > b.answer ? 1 : a.place - b.place));
  return { texts: [prompt, ...sorted.map(({ answer }) => answer)], label: sorted.map(({ place }) => place).join() };
}
