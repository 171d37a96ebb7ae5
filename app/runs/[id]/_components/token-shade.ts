import type { TokenColumn } from "@/spec/rollouts";

/** Where what has a sign changes it. The others are shaded by their size alone. */
const middles: Partial<Record<TokenColumn, number>> = { advantage: 0, reward: 0, value: 0, return: 0, ratio: 1 };
/** The strongest shade, which text can still be read on in both themes. */
const strongest = 45;

/** The background of a value, deeper the farther it is among `values`; of what has a sign green above, red below. */
export function shadeOf(column: TokenColumn, values: number[]): (value: number) => string {
  const { [column]: middle = 0 } = middles;
  const farthest = Math.max(...values.map((value) => Math.abs(value - middle)), Number.MIN_VALUE);
  return (value) => {
    const share = Math.round((strongest * Math.abs(value - middle)) / farthest);
    const colour = column in middles ? (value < middle ? "bad" : "good") : "accent";
    return `color-mix(in oklab, var(--${colour}) ${share}%, transparent)`;
  };
}
