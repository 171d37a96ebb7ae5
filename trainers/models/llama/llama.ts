// Llama and what computes as it does: SmolLM2, Qwen2 (with biases on q, k and v), Yi and others whose config.json says "llama".
import type { Family } from "../family";
import { parseConfig, toConfigJson } from "./config-json";
import { linearGroups, linearShapes, otherModules, weightShapes } from "./weight-names";

export const llama: Family = {
  modelTypes: ["llama", "qwen2"],
  parseConfig,
  toConfigJson,
  weightShapes,
  linearShapes,
  linearGroups,
  otherModules,
};
