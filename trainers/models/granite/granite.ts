// Granite 3, dense.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { llama } from "../llama/llama";
import { parseDecoderConfig } from "../parts/decoder-config";

const multiplier = z.number().positive().default(1);
export const graniteFields = {
  embedding_multiplier: multiplier,
  attention_multiplier: multiplier,
  residual_multiplier: multiplier,
  logits_scaling: multiplier,
};

export const graniteScales = (c: z.infer<z.ZodObject<typeof graniteFields>>) => ({
  embeddingScale: c.embedding_multiplier,
  attentionScale: c.attention_multiplier,
  residualScale: c.residual_multiplier,
  logitDivisor: c.logits_scaling,
});

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own } = parseDecoderConfig("granite", graniteFields, {}, json, source);
  return { ...config, ...graniteScales(own) };
}

export const granite: Family = { ...llama, modelTypes: ["granite"], parseConfig };
