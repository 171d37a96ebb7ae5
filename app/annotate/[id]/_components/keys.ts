// Keyboard shortcuts. One key gives side and strength at once; each can be bound to another key.
import type { MouseEvent } from "react";
import type { Choice } from "@/lib/annotation/judging/judging-schema";

const words = ["barely", "slightly", "clearly", "much"] as const;

/** A, B, C … */
export const letter = (i: number) => String.fromCharCode(65 + i);

export const strengthWord = (strength: number) => words[strength - 1] ?? "";

export interface Action {
  id: string;
  /** As the browser names it, in lower case. */
  key: string;
  label: string;
  /** Where the label alone does not say it; the list of shortcuts has more. */
  does?: string;
  /** The vote that the key gives, if any. */
  choice?: Choice;
  /** Whether it needs Shift, as the letter alone is an answer's. */
  shift?: boolean;
}

const side = (key: string, kind: "left" | "right", strength: number): Action => {
  const name = kind === "left" ? "A" : "B";
  const does = `${name} is ${strengthWord(strength)} better`;
  return { id: `${kind}${strength}`, key, label: strengthWord(strength), does, choice: { kind, strength } };
};
const verdict = (key: string, kind: "good" | "bad" | "tie" | "both_bad" | "skip", label: string): Action => {
  return { id: kind, key, label, choice: { kind } };
};

/** From "A much better" to "B much better". */
const scale = [
  ...[4, 3, 2, 1].map((strength, i) => side(String(i + 1), "left", strength)),
  ...[1, 2, 3, 4].map((strength, i) => side(String(i + 5), "right", strength)),
  verdict("9", "tie", "Tie"),
  verdict("0", "both_bad", "Both bad"),
];
/** Where a dataset asks for a preference only. */
const pair: Action[] = [
  { id: "left", key: "arrowleft", label: "A", does: "A is better", choice: { kind: "left", strength: 1 } },
  { id: "right", key: "arrowright", label: "B", does: "B is better", choice: { kind: "right", strength: 1 } },
  { ...verdict("arrowdown", "tie", "Tie"), id: "tie-pair" },
  { ...verdict("arrowup", "both_bad", "Both bad"), id: "both_bad-pair" },
];
/** Where one answer is shown at a time. */
const single = [verdict("1", "good", "Good"), verdict("2", "bad", "Bad")];
const always: Action[] = [
  verdict("s", "skip", "Skip"),
  { id: "flag", key: "f", label: "Flag" },
  { id: "rationale", key: "r", label: "Reason" },
  { id: "rewrite", key: "e", label: "Rewrite" },
  { id: "aspects", key: "q", label: "Criteria" },
  { id: "comments", key: "c", label: "Comments" },
  { id: "votes", key: "h", label: "History" },
  { id: "undo", key: "z", label: "Undo" },
  { id: "back", key: "[", label: "Previous" },
  { id: "forward", key: "]", label: "Next" },
  { id: "diff", key: "d", label: "Diff" },
  { id: "raw", key: "m", label: "Raw" },
  { id: "guide", key: "g", label: "Guidelines" },
  { id: "sheet", key: "?", label: "Shortcuts" },
];

const votes = { scale, pair, single, ranking: [] };
export type Mode = keyof typeof votes;

/** The keys of a task; a ranking's answers are chosen by their letters. Only a pair, which may tie, has a diff. */
export const actionsOf = (mode: Mode): Action[] => [
  ...votes[mode],
  ...always.filter(({ id }) => id !== "diff" || votes[mode][2]),
];

const signs: Record<string, string> = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", " ": "Space" };
/** Which answer a letter names; none of them for other keys. */
export const placeOf = (key: string) => (/^[a-z]$/.test(key) ? key.charCodeAt(0) - 97 : Number.POSITIVE_INFINITY);

export const keySign = (key: string) => signs[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Keys that the annotator changed, by action. */
export type Bindings = Record<string, string>;

export const bound = (actions: Action[], bindings: Bindings): Action[] =>
  actions.map((action) => ({ ...action, key: bindings[action.id] ?? action.key }));

const others: Record<string, string> = { good: "Good", bad: "Bad", tie: "Tie", both_bad: "Both bad", skip: "Skip" };

export function sayChoice(choice: Choice): string {
  if (choice.kind === "ranking") return choice.tiers.map((tier) => tier.map(letter).join(" = ")).join(" > ");
  if (choice.kind === "left" || choice.kind === "right")
    return `${choice.kind === "left" ? "A" : "B"} ${strengthWord(choice.strength)} better`;
  if (choice.kind === "flag") return `Flagged: ${choice.reason}`;
  return others[choice.kind]!;
}

export const isSameChoice = (one: Choice | undefined, other: Choice | null): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** Ignores the second click of a double click, which would vote on the next record. */
export const once = (act: () => void) => (event: MouseEvent) => event.detail > 1 || act();
