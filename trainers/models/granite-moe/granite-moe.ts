// Granite 3 with a mixture of experts in every block, whose files hold all experts in one tensor.
import type { ModelConfig } from "../config";
import type { ExpertNames, Family } from "../family";
import { graniteFields, graniteScales } from "../granite/granite";
import { llama } from "../llama/llama";
import { parseDecoderConfig } from "../parts/decoder-config";
import { attentionGroups, attentionShapes, mixtureFields, mixtureOf } from "../parts/moe-config";

const own = { ...graniteFields, ...mixtureFields };
const defaults = { num_local_experts: 8, num_experts_per_tok: 2, router_aux_loss_coef: 0.001 };

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const { config, own: c } = parseDecoderConfig("granitemoe", own, defaults, json, source);
  return { ...config, ...graniteScales(c), mixture: mixtureOf(c, true, source) };
}

function experts({ hiddenSize: d, intermediateSize: f, mixture }: ModelConfig): ExpertNames {
  const E = mixture!.experts;
  const at = "block_sparse_moe";
  const [router, gateUp, down] = [
    `${at}.router.layer.weight`,
    `${at}.input_linear.weight`,
    `${at}.output_linear.weight`,
  ];
  return {
    router,
    gateUp: [gateUp],
    down: [down],
    shapes: { [router]: [E, d], [gateUp]: [E, 2 * f, d], [down]: [E, d, f] },
    fused: {
      router: `${at}.router.weight`,
      gateUp: `${at}.experts.gate_up_proj`,
      down: `${at}.experts.down_proj`,
    },
  };
}

export const graniteMoe: Family = {
  modelTypes: ["granitemoe"],
  parseConfig,
  vectors: llama.vectors,
  linearShapes: attentionShapes,
  linearGroups: attentionGroups,
  experts,
};
