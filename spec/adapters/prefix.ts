// Prefix tuning (Li and Liang 2021, arXiv 2101.00190): keys and values of virtual tokens in every layer, before those of every sequence.
import { z } from "zod";
import { init, typeMeta, virtualTokens } from "./common";

export const prefix = z.strictObject({
  type: z.literal("prefix").describe("Adapter type").meta(typeMeta),
  virtualTokens,
  init,
});
export type PrefixOptions = z.infer<typeof prefix>;
