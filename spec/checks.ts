// What a run checks of itself while it trains. Older runs say "lora" where it is "adapter" now.
export const checkNames = [
  "masks",
  "padding",
  "rollout",
  "start",
  "adapter",
  "lora",
  "reference",
  "reward",
  "finite",
] as const;

export interface Check {
  name: (typeof checkNames)[number];
  /** What was measured, against what had to be. */
  detail: string;
}
