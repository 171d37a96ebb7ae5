// The folder of a bottleneck adapter as the package `adapters` 1.3 has it: adapter_config.json and adapter.safetensors.
import { z } from "zod";
import type { ActivationName } from "../../engine/activation-names";
import type { Layout } from "../../engine/adapter";
import type { ModelConfig } from "../../models/config";
import { parsedFields, refuseOthers } from "../../models/fields";
import { refused } from "../peft-config";
import { refuseOtherShape } from "../virtual-tokens";

/** Transformers' other names among them. */
export const activationOf = {
  ...{ relu: "relu", swish: "silu", silu: "silu", gelu: "gelu" },
  ...{ gelu_new: "gelu_pytorch_tanh", gelu_pytorch_tanh: "gelu_pytorch_tanh" },
} as const satisfies Record<string, ActivationName>;

/** The part that is applied. */
const applied = z.object({
  mh_adapter: z.boolean(),
  output_adapter: z.boolean(),
  /** The bottleneck reads what stands behind the residual connection. */
  original_ln_before: z.boolean().default(false),
  reduction_factor: z.number().positive(),
  non_linearity: z.enum(Object.keys(activationOf) as (keyof typeof activationOf)[]),
});
export type BottleneckConfig = z.infer<typeof applied>;

/** Switched off they would be another computation. */
const alwaysOn = z.object({
  original_ln_after: z.literal(true).default(true),
  residual_before_ln: z.literal(true).default(true),
});

const fields = {
  used: [...Object.keys(applied.shape), ...Object.keys(alwaysOn.shape)],
  harmless: [
    ...["architecture", "init_weights", "init_weights_seed"],
    "cross_adapter", // there is no cross attention
    "adapter_residual_before_ln", // about ln_after
    "inv_adapter_reduction_factor", // about inv_adapter
    ...["phm_dim", "phm_bias", "phm_c_init", "phm_init_range", "phm_rank", "learn_phm"], // about phm_layer
    ...["factorized_phm_W", "factorized_phm_rule", "shared_W_phm", "shared_phm_rule", "hypercomplex_nonlinearity"],
  ],
  only: {
    ...{ scaling: [1], dropout: [0], stochastic_depth: [0] },
    ...{ ln_before: [], ln_after: [], is_parallel: [], use_gating: [], phm_layer: [], inv_adapter: [], leave_out: [] },
  },
};

const folder = z.object({
  config: z.record(z.string(), z.unknown()),
  hidden_size: z.int().nullish(),
  name: z.string().min(1),
});
const folderFields = {
  used: Object.keys(folder.shape),
  harmless: ["model_type", "model_class", "model_name", "version", "config_id"],
  only: {},
};

/** Throws, naming file, field and value, at what would be applied otherwise than `adapters` applies it. */
export function parseBottleneckConfig(json: Record<string, unknown>, source: string, model: ModelConfig) {
  refuseOthers(json, folderFields, source);
  const { name, config: given, ...sizes } = parsedFields(folder, json, source);
  refuseOtherShape(source, sizes, { hidden_size: model.hiddenSize });
  refuseOthers(given, fields, source);
  parsedFields(alwaysOn, given, source);
  const config = parsedFields(applied, given, source);
  if (!config.mh_adapter && !config.output_adapter)
    refused(source, "output_adapter", false, "with mh_adapter false there is no adapter at all");
  if (config.mh_adapter && config.original_ln_before)
    refused(source, "original_ln_before", true, "with mh_adapter only false is applied");
  return { name, config };
}

/** `name`: of the adapter, which stands in the names of its weights. */
export const bottleneckLayout = (config: BottleneckConfig, name: string, model: ModelConfig): Layout => ({
  weightsFile: "adapter.safetensors",
  nameInFile: (weight) => weight.replace("_adapters.", `_adapters.adapters.${name}.`),
  config: (base) => ({
    config: { ...config, original_ln_after: true, residual_before_ln: true, init_weights: "mam_adapter" },
    ...{ hidden_size: model.hiddenSize, model_name: base },
    ...{ name, version: "adapters.1.3.0" },
  }),
});
