/** What may be wrong with a pair, beside which answer is better. */
export const flagReasons = ["personal data", "unsafe", "broken", "wrong language"] as const;
export type FlagReason = (typeof flagReasons)[number];
