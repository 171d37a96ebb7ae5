/** How a model is made longer. yarn: arXiv 2309.00071; linear: positions divided by the factor (arXiv 2306.15595); dynamic: NTK by a row's own length. */
export const longerScalings = ["yarn", "linear", "dynamic"] as const;
export type LongerScaling = (typeof longerScalings)[number];
