// Phi-3 and Phi-4-mini.
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { llama } from "../llama/llama";
import { parseDecoderConfig, windowFields, windowsOf } from "../parts/decoder-config";
import { ropeFields } from "../parts/rope-config";

const own = { sliding_window: windowFields.sliding_window, partial_rotary_factor: ropeFields.partial_rotary_factor };

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("phi3", own, { rms_norm_eps: 1e-5 }, json, source);
  return { ...config, ...windowsOf(config, c, () => true, source) };
}

export const phi3: Family = {
  modelTypes: ["phi3"],
  parseConfig,
  vectors: llama.vectors,
  linearShapes: ({ hiddenSize: d, intermediateSize: f, heads, kvHeads, headDim }) => ({
    "self_attn.qkv_proj": [(heads + 2 * kvHeads) * headDim, d],
    "self_attn.o_proj": [d, heads * headDim],
    "mlp.gate_up_proj": [2 * f, d],
    "mlp.down_proj": [d, f],
  }),
  linearGroups: [["self_attn.qkv_proj"], ["self_attn.o_proj"], ["mlp.gate_up_proj"], ["mlp.down_proj"]],
};
