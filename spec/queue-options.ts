// How a queue may be judged, and what may come next.

/**
 * "scale": a key is side and strength; "pair": a side alone, stored as strength 1; "single": one answer at a time, good or bad; "steps": one
 * solution at a time, and which of its steps is the first wrong one.
 */
export const answerModes = ["scale", "pair", "single", "steps"] as const;
export type AnswerMode = (typeof answerModes)[number];

/** What annotators are asked of a file's answers: which is the better one, whether each by itself is good, or where each goes wrong. */
export const questions = ["compare", "single", "steps"] as const;
export type Question = (typeof questions)[number];

export const questionOf = (mode: AnswerMode): Question => (mode === "single" || mode === "steps" ? mode : "compare");

/** Whether each answer is a record of its own. */
export const isAlone = (asked: AnswerMode | Question): boolean => asked === "single" || asked === "steps";

export const strategies = ["file", "random", "unsure", "gap", "disagreement"] as const;
export type Strategy = (typeof strategies)[number];
