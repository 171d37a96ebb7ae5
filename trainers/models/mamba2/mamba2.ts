// Mamba-2.
import { z } from "zod";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import { parsedFields } from "../fields";
import { parseStateSpaceConfig, stateSpaceFields } from "../parts/state-space-config";
import { startStateSpace } from "../parts/state-space-start";

/** As Transformers 5 writes it, and as older files have it. */
const infinite = z.union(
  [z.object({ __float__: z.literal("Infinity") }), z.custom<number>((value) => value === Number.POSITIVE_INFINITY)],
  "A limit of time steps is not supported",
);

const own = {
  ...stateSpaceFields,
  tie_word_embeddings: z.boolean().default(false),
  num_heads: z.int().min(1).default(128),
  head_dim: z.int().min(1).default(64),
  n_groups: z.int().min(1).default(8),
  time_step_limit: z.tuple([z.literal(0, "A limit of time steps is not supported"), infinite]).optional(),
};

/** What Transformers does not read of this family, and how many tokens it scans at once, which changes no number. */
const without = ["time_step_rank", "chunk_size", "intermediate_size"];

function parseConfig(json: Record<string, unknown>, source: string): ModelConfig {
  const sizes = { hidden_size: 4096, num_hidden_layers: 64, vocab_size: 32_768, state_size: 128 };
  const c = parsedFields(z.object(own), { ...sizes, ...json }, source);
  const { num_heads: count, head_dim: width, n_groups: groups } = c;
  const channels = Math.trunc(c.expand * c.hidden_size);
  if (channels !== count * width)
    throw new Error(
      `${source} asks for num_heads ${count} of head_dim ${width}, which do not make up the ${channels} channels of expand ${c.expand} and hidden_size ${c.hidden_size}`,
    );
  if (count % groups !== 0)
    throw new Error(`${source} asks for num_heads ${count} in n_groups ${groups}, which do not divide them`);
  return {
    ...parseStateSpaceConfig("mamba2", [...Object.keys(own), ...without], c, json, source),
    intermediateSize: channels,
    biases: c.use_bias ? ["mixer.in_proj", "mixer.out_proj"] : [],
    stateSpace: {
      state: c.state_size,
      kernel: c.conv_kernel,
      heads: { count, width, groups },
      convolutionBias: c.use_conv_bias,
    },
  };
}

/** Of the convolution: x, B and C. */
const convolved = ({ intermediateSize, stateSpace }: ModelConfig) =>
  intermediateSize + 2 * stateSpace!.heads!.groups * stateSpace!.state;

export const mamba2: Family = {
  modelTypes: ["mamba2"],
  parseConfig,
  vectors: ({ hiddenSize, intermediateSize }) => ({ norm: hiddenSize, "mixer.norm": intermediateSize }),
  linearShapes: (config) => ({
    "mixer.in_proj": [
      config.intermediateSize + convolved(config) + config.stateSpace!.heads!.count, // the gate, what is convolved, time steps
      config.hiddenSize,
    ],
    "mixer.out_proj": [config.hiddenSize, config.intermediateSize],
  }),
  linearGroups: [["mixer.in_proj"], ["mixer.out_proj"]],
  others(config) {
    const { heads, kernel, convolutionBias } = config.stateSpace!;
    const { count } = heads!;
    return {
      "mixer.A_log": [count],
      "mixer.D": [count],
      "mixer.dt_bias": [count],
      "mixer.conv1d.weight": [convolved(config), 1, kernel],
      ...(convolutionBias && { "mixer.conv1d.bias": [convolved(config)] }),
    };
  },
  start: startStateSpace,
  unadaptable: {
    "mixer.out_proj": "PEFT refuses adapters on it, since Mamba's kernels multiply with its matrix past them",
  },
};
