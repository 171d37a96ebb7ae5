// The steps of a solution that was written as one text.
import { isDeepStrictEqual } from "node:util";

/** Where a step after another one begins, tried in this order: the first of them that is found tells. */
const beginnings = [
  /(?<=\n)[#*_> \t-]*Step (?!0*1\b)\d+\b/gi, // "Step 2:", "**Step 2.**", "### Step 2"; what stands before the first step belongs to it
  /(?<=\n[ \t]*\n\s*)\S/g, // after a blank line
  /(?<=\n\s*)\S/g, // on a line of its own
];

/** Code and formulas, which stay whole. */
const blocks = /```.*?(?:```|$)|\$\$.*?(?:\$\$|$)|\\\[.*?(?:\\\]|$)/gs;

/** Joined they are the text again: each ends with the line breaks that part it from the next. */
export function stepsOf(text: string): string[] {
  const starts = startsIn(text, beginningIn(text));
  return [0, ...starts].map((start, i) => text.slice(start, starts[i]));
}

/** The step with which a text goes on after `before`, where steps begin as in `like`; `ended` says whether another follows. */
export function nextStep(before: string, more: string, like: string): { step: string; ended: boolean } {
  const begun = before.length + more.length - more.trimStart().length;
  const end = startsIn(`${before}${more}`, beginningIn(like)).find((start) => start > begun);
  return { step: more.slice(0, end === undefined ? undefined : end - before.length), ended: end !== undefined };
}

const beginningIn = (text: string): RegExp | undefined =>
  beginnings.find((beginning) => startsIn(text, beginning).length > 0);

/** Where steps after the first begin. */
function startsIn(text: string, beginning: RegExp | undefined): number[] {
  if (beginning === undefined) return [];
  const whole = [...text.matchAll(blocks)].map((block) => ({ from: block.index, to: block.index + block[0].length }));
  const isBetween = (at: number) => whole.every(({ from, to }) => at <= from || at >= to);
  const first = text.length - text.trimStart().length;
  return [...text.matchAll(beginning)].map(({ index }) => index).filter((at) => at > first && isBetween(at));
}

/** Steps as one text, of which `stepsOf` finds them again; null where it would find others. */
export function textOfSteps(steps: string[]): string | null {
  const [within, apart] = steps.length === 1 ? [/\s*\n\s*/g, " "] : [/\n\s*\n/g, "\n"];
  const clean = steps.map((step) => step.trim().replace(within, apart));
  const text = clean.join("\n\n");
  return isDeepStrictEqual(
    stepsOf(text).map((step) => step.trim()),
    clean,
  )
    ? text
    : null;
}
