// Prompt tuning (Lester et al. 2021, arXiv 2104.08691): embeddings of virtual tokens before every sequence.
import { z } from "zod";
import { advanced } from "../field-meta";
import { init, typeMeta, virtualTokens } from "./common";

export const prompt = z.strictObject({
  type: z.literal("prompt").describe("Adapter type").meta(typeMeta),
  virtualTokens,
  start: z
    .enum(["vocabulary", "random"])
    .default("vocabulary")
    .describe("Start of the prompt")
    .meta(advanced("vocabulary: embeddings of tokens drawn from the vocabulary; random: normal with deviation 1")),
  init,
});
export type PromptOptions = z.infer<typeof prompt>;
