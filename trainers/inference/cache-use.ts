// How much of what sampling holds of the KV cache has a token in it.
import type { MetricRow } from "../../spec/metrics/catalogue";
import { pageTokens } from "../models/native-model";
import type { Pages } from "./pages";

/** Added up over the passes of sampling. */
export interface CacheUse {
  slots: number;
  tokens: number;
}

export const unused = (): CacheUse => ({ slots: 0, tokens: 0 });

export function addHeld(use: CacheUse, held: ReturnType<Pages["held"]>): void {
  use.slots += held.pages * pageTokens;
  use.tokens += held.tokens;
}

/** As a metric, of the passes since it was asked last: none where no pages were held, since no own ops sampled. */
export function shareOf(use: CacheUse): Pick<MetricRow, "kv_cache_used"> | Record<string, never> {
  const { slots, tokens } = use;
  Object.assign(use, unused());
  return slots > 0 ? { kv_cache_used: tokens / slots } : {};
}
