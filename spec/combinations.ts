// How several adapters become one, in the names of PEFT's `combination_type`.
export const combinationMethods = ["linear", "cat", "ties", "dare_linear", "dare_ties", "magnitude_prune"] as const;
export type CombinationMethod = (typeof combinationMethods)[number];
