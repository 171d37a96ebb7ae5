/** Of which tokens a new one begins as the mean: all, or the pieces that its text was. */
export const meansOf = ["all", "pieces"] as const;
export type MeanOf = (typeof meansOf)[number];
