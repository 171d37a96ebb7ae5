// Scales and round numbers along the axes of charts that are SVG.
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";

export const tickCount = 5;

/** Holds all values, between round numbers, and a fifth around a single one. */
export function valueScale(values: number[], range: number[], log = false): ScaleContinuousNumeric<number, number> {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (log) return scaleLog(high > low ? [low, high] : [low / 1.2, low * 1.2], range).nice();
  return scaleLinear(high > low ? [low, high] : [low, low + Math.max(Math.abs(low), 1) / 5], range).nice(tickCount);
}

const nats = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const closest = 34;

/** Of those numbers of nats as many as keep 34 pixels between them, the largest first. d3's own ticks crowd on a square-root scale. */
export function klTicks(x: ScaleContinuousNumeric<number, number>): number[] {
  const chosen: number[] = [];
  for (const kl of nats.filter((kl) => kl <= x.domain()[1]!).reverse())
    if (chosen.every((other) => x(other) - x(kl) >= closest)) chosen.push(kl);
  return chosen.reverse();
}
