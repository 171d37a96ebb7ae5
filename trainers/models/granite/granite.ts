// Granite 3, dense.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { llama } from "../llama/llama";
import { parseDecoderConfig } from "../parts/decoder-config";

const multiplier = z.number().positive().default(1);
const own = {
  embedding_multiplier: multiplier,
  attention_multiplier: multiplier,
  residual_multiplier: multiplier,
  logits_scaling: multiplier,
};

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("granite", own, {}, json, source);
  return {
    ...config,
    embeddingScale: c.embedding_multiplier,
    attentionScale: c.attention_multiplier,
    residualScale: c.residual_multiplier,
    logitDivisor: c.logits_scaling,
  };
}

export const granite: Family = { ...llama, modelTypes: ["granite"], parseConfig };
