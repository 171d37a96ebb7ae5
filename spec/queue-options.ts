// How a queue may be judged, and what may come next.

/** "scale": a key is side and strength; "pair": a side alone, stored as strength 1. */
export const answerModes = ["scale", "pair"] as const;

export const strategies = ["file", "random", "unsure", "gap", "disagreement"] as const;
export type Strategy = (typeof strategies)[number];
