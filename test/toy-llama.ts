// Small Llamas with random weights, norms and biases too, so that no part is without effect: for tests.
import { createRandom } from "../common/random";
import type { LoraOptions } from "../spec/adapters/lora";
import { lora as adapterOptions } from "../spec/adapters/lora";
import type { AskedQuantisation } from "../spec/fields/model";
import { createAdapter } from "../trainers/adapters/kinds";
import type { Adapter } from "../trainers/engine/adapter";
import { tf } from "../trainers/engine/tensorflow";
import { parseModelConfig } from "../trainers/models/families";
import type { Model } from "../trainers/models/model";
import { randomWeights } from "../trainers/models/random-weights";
import { frozenWeights } from "../trainers/models/weights";

const base = {
  model_type: "llama",
  vocab_size: 97,
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  tie_word_embeddings: true,
};
export const config = (overrides: object) => parseModelConfig({ ...base, ...overrides });

export function hostWeights(overrides: object) {
  const random = createRandom("native");
  const weights = randomWeights(config(overrides), 1);
  for (const [name, { shape, data }] of weights)
    weights.set(name, { shape, data: data.map((x) => (shape.length === 1 ? x + 0.5 * (random() - 0.5) : 5 * x)) });
  return weights;
}
export const frozen = (
  overrides: object,
  dtype: "float32" | "bfloat16" = "float32",
  quantisation: AskedQuantisation | null = null,
): Model => ({
  config: config(overrides),
  weights: frozenWeights(config(overrides), hostWeights(overrides), dtype, { quantisation, unquantised: [] }),
  recompute: "none",
});
export function lora(model: Model, options: Pick<LoraOptions, "rank" | "targets">): Adapter {
  const adapter = createAdapter(model.config, adapterOptions.parse({ alpha: 8, ...options }), 0);
  const random = createRandom("lora");
  for (const [name, { shape, size }] of adapter.weights) {
    const values = Float32Array.from({ length: size }, () => 0.3 * (random() - 0.5));
    adapter.weights.set(name, tf.tensor(values, shape));
  }
  return adapter;
}

/** Options of the family that its native ops must know. */
export const families: [name: string, overrides: object][] = [
  ["grouped queries, tied head", {}],
  ["one key per query head, a head of its own", { num_key_value_heads: 4, tie_word_embeddings: false }],
  ["one key for all heads", { num_key_value_heads: 1 }],
  ["Qwen2: biases on q, k and v", { model_type: "qwen2" }],
  ["Llama with attention biases", { attention_bias: true }],
  [
    "Llama-3 positions",
    {
      rope_scaling: {
        rope_type: "llama3",
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 16,
      },
    },
  ],
  ["YaRN positions", { rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 16 } }],
  [
    "sizes that fill no vector",
    { hidden_size: 42, intermediate_size: 53, num_attention_heads: 3, num_key_value_heads: 1 },
  ],
  ["relu", { hidden_act: "relu" }],
  ["gelu", { hidden_act: "gelu" }],
  ["gelu_pytorch_tanh", { hidden_act: "gelu_pytorch_tanh" }],
];
