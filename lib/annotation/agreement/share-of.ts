import { wilson } from "../../../spec/statistics";
import type { Estimate } from "./agreement-schema";

/** How many of them are so, with Wilson's interval; null of none. */
export function shareOf(hits: boolean[]): (Estimate & { n: number }) | null {
  if (hits.length === 0) return null;
  const value = hits.filter(Boolean).length / hits.length;
  const [low, high] = wilson(value, hits.length);
  return { value, low, high, n: hits.length };
}
