// Mamba.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parsedFields } from "../fields";
import { parseStateSpaceConfig, stateSpaceFields } from "../parts/state-space-config";
import { startStateSpace } from "../parts/state-space-start";

const own = {
  ...stateSpaceFields,
  tie_word_embeddings: z.boolean().default(true),
  time_step_rank: z.union([z.int().min(1), z.literal("auto")]).default("auto"),
};

/** How a fresh model starts and which kernels Transformers takes; what older files say again in names of their own. */
const without = [
  ...["time_step_scale", "time_step_init_scheme", "use_mambapy", "use_associative_scan"],
  ...["d_model", "d_inner", "n_layer", "ssm_cfg", "rms_norm", "fused_add_norm", "intermediate_size"],
];

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const c = parsedFields(
    z.object(own),
    { hidden_size: 768, num_hidden_layers: 32, vocab_size: 50_280, ...json },
    source,
  );
  const channels = Math.trunc(c.expand * c.hidden_size);
  const biased = ["mixer.dt_proj", ...(c.use_bias ? ["mixer.in_proj", "mixer.out_proj"] : [])];
  return {
    ...parseStateSpaceConfig("mamba", [...Object.keys(own), ...without], c, json, source),
    intermediateSize: channels,
    biases: biased,
    stateSpace: {
      state: c.state_size,
      kernel: c.conv_kernel,
      rank: c.time_step_rank === "auto" ? Math.ceil(c.hidden_size / 16) : c.time_step_rank,
      convolutionBias: c.use_conv_bias,
    },
  };
}

export const mamba: Family = {
  modelTypes: ["mamba"],
  parseConfig,
  vectors: ({ hiddenSize: d }) => ({ norm: d }),
  linearShapes({ hiddenSize: d, intermediateSize: I, stateSpace }) {
    const { state: N, rank: R = 0 } = stateSpace!;
    return {
      "mixer.in_proj": [2 * I, d],
      "mixer.x_proj": [R + 2 * N, I],
      "mixer.dt_proj": [I, R],
      "mixer.out_proj": [d, I],
    };
  },
  linearGroups: [["mixer.in_proj"], ["mixer.x_proj"], ["mixer.dt_proj"], ["mixer.out_proj"]],
  others({ intermediateSize: I, stateSpace }) {
    const { state, kernel, convolutionBias } = stateSpace!;
    return {
      "mixer.A_log": [I, state],
      "mixer.D": [I],
      "mixer.conv1d.weight": [I, 1, kernel],
      ...(convolutionBias && { "mixer.conv1d.bias": [I] }),
    };
  },
  start: startStateSpace,
  unadaptable: {
    "mixer.dt_proj": "Transformers multiplies with its matrix past an adapter, which would change nothing there",
    "mixer.out_proj": "PEFT refuses adapters on it, since Mamba's kernels multiply with its matrix past them",
  },
};
