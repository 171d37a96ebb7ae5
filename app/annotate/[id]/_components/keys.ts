// Keyboard shortcuts. One key gives side and strength at once; each can be bound to another key.
import type { MouseEvent } from "react";
import type { Translate } from "@/app/_messages/translate";
import { directionOf } from "@/common/written-language";
import type { Choice } from "@/lib/annotation/judging/judging-schema";

export type Strength = 1 | 2 | 3 | 4;

/** A, B, C … */
export const letter = (i: number) => String.fromCharCode(65 + i);

export const sideOf = (kind: "left" | "right") => ({ side: kind === "left" ? "A" : "B" });

export interface Action {
  id: string;
  /** As the browser names it, in lower case. */
  key: string;
  label: string;
  /** What a button is called, where the label alone does not say it; the list of shortcuts has more. */
  name?: string;
  /** The vote that the key gives, if any. */
  choice?: Choice;
  /** Whether it needs Shift, as the letter alone is an answer's. */
  shift?: boolean;
}

const side = (t: Translate, key: string, kind: "left" | "right", strength: Strength): Action => ({
  ...{ id: `${kind}${strength}`, key, label: t(`vote.strength${strength}`), choice: { kind, strength } },
  name: t(`vote.better${strength}`, sideOf(kind)),
});
/** Where a dataset asks for a preference only. */
const plain = (t: Translate, key: string, kind: "left" | "right"): Action => ({
  ...{ id: kind, key, label: sideOf(kind).side, choice: { kind, strength: 1 } },
  name: t("vote.better", sideOf(kind)),
});
const verdict = (t: Translate, key: string, kind: "good" | "bad" | "tie" | "both_bad" | "skip"): Action => ({
  ...{ id: kind, key, label: t(`vote.${kind}`), choice: { kind } },
});

/** A key for each of the first nine; the others are clicked. */
const steps = (t: Translate, count: number): Action[] =>
  Array.from({ length: count + 1 }, (_, step) => {
    const choice: Choice = { kind: "step", step };
    return { id: `step${step}`, key: step > 9 ? "" : String(step), label: sayChoice(choice, t), choice };
  });

const votes = {
  /** From "A much better" to "B much better". */
  scale: (t: Translate) => [
    ...([4, 3, 2, 1] as const).map((strength, i) => side(t, String(i + 1), "left", strength)),
    ...([1, 2, 3, 4] as const).map((strength, i) => side(t, String(i + 5), "right", strength)),
    verdict(t, "9", "tie"),
    verdict(t, "0", "both_bad"),
  ],
  /** An arrow points to its answer: A, the first, stands at the right where one reads from there. */
  pair: (t: Translate) => {
    const [first, second] = directionOf(t.language) === "rtl" ? ["right", "left"] : ["left", "right"];
    return [
      plain(t, `arrow${first}`, "left"),
      plain(t, `arrow${second}`, "right"),
      { ...verdict(t, "arrowdown", "tie"), id: "tie-pair" },
      { ...verdict(t, "arrowup", "both_bad"), id: "both_bad-pair" },
    ];
  },
  /** Where one answer is shown at a time. */
  single: (t: Translate) => [verdict(t, "1", "good"), verdict(t, "2", "bad")],
  /** Where the first wrong step of a solution is asked for. */
  steps,
  /** Its answers are chosen by their letters. */
  ranking: (): Action[] => [],
};
export type Mode = keyof typeof votes;

const always = {
  ...{ flag: "f", rationale: "r", rewrite: "e", aspects: "q", comments: "c", votes: "h" },
  ...{ undo: "z", back: "[", forward: "]", diff: "d", raw: "m", guide: "g", sheet: "?" },
};

/** The keys of a task. Only a pair, which may tie, has a diff. */
export const actionsOf = (mode: Mode, t: Translate, steps = 0): Action[] => [
  ...votes[mode](t, steps),
  verdict(t, "s", "skip"),
  ...Object.entries(always)
    .filter(([id]) => id !== "diff" || mode === "scale" || mode === "pair")
    .map(([id, key]) => ({ id, key, label: t(`vote.${id as keyof typeof always}`) })),
];

const signs: Record<string, string> = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓" };
/** Which answer a letter names; none of them for other keys. */
export const placeOf = (key: string) => (/^[a-z]$/.test(key) ? key.charCodeAt(0) - 97 : Number.POSITIVE_INFINITY);

export const keySign = (key: string, t: Translate) =>
  key === " " ? t("vote.space") : (signs[key] ?? (key.length === 1 ? key.toUpperCase() : key));

/** Keys that the annotator changed, by action. */
export type Bindings = Record<string, string>;

export const bound = (actions: Action[], bindings: Bindings): Action[] =>
  actions.map((action) => ({ ...action, key: bindings[action.id] ?? action.key }));

export function sayChoice(choice: Choice, t: Translate): string {
  if (choice.kind === "ranking") return choice.tiers.map((tier) => tier.map(letter).join(" = ")).join(" > ");
  if (choice.kind === "left" || choice.kind === "right")
    return t(`vote.better${choice.strength as Strength}`, sideOf(choice.kind));
  if (choice.kind === "flag") return t("vote.flagged", { reason: t(`vote.why.${choice.reason}`) });
  if (choice.kind === "step") return t("vote.step", { step: String(choice.step) });
  return t(`vote.${choice.kind}`);
}

export const isSameChoice = (one: Choice | undefined, other: Choice | null): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

/** Ignores the second click of a double click, which would vote on the next record. */
export const once = (act: () => void) => (event: MouseEvent) => event.detail > 1 || act();
