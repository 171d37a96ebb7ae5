// How a queue may be judged, and what may come next.

/** "scale": a key is side and strength; "pair": a side alone, stored as strength 1; "single": one answer at a time, good or bad. */
export const answerModes = ["scale", "pair", "single"] as const;

/** What annotators are asked of a file's answers: which is the better one, or whether each by itself is good. */
export const questions = ["compare", "single"] as const;
export type Question = (typeof questions)[number];

export const strategies = ["file", "random", "unsure", "gap", "disagreement"] as const;
export type Strategy = (typeof strategies)[number];
