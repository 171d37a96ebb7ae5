// Llama and what computes as it does: SmolLM2, Yi and others whose config.json says "llama", Qwen2 (with biases on q, k and v) and Mistral (with a window).
import type { Family } from "../family";
import { parseConfig } from "./config-json";
import { linearGroups, linearShapes } from "./weight-names";

export const llama: Family = {
  modelTypes: ["llama", "qwen2", "mistral"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({ input_layernorm: d, post_attention_layernorm: d }),
  linearShapes,
  linearGroups,
};
