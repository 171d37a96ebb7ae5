// What a run checks of itself while it trains.
export interface Check {
  name: "masks" | "padding" | "rollout" | "start" | "lora" | "reference" | "reward" | "finite";
  /** What was measured, against what had to be. */
  detail: string;
}
