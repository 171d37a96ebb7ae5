// Compiled and eager runs of the same source agree, for every kind of model that the forward pass knows; recomputing changes nothing.
import { expect, test } from "vitest";
import { createRandom } from "../../common/random";
import { linearLayers } from "../../spec/adapters/common";
import type { LoraOptions } from "../../spec/adapters/lora";
import { lora as adapterOptions } from "../../spec/adapters/lora";
import type { Recompute } from "../../spec/fields/common";
import { createAdapter } from "../adapters/kinds";
import type { Adapter } from "../engine/adapter";
import { lossAndGradients, type Variables } from "../engine/gradients";
import { compile } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { sequenceLogProbs } from "../inference/policy";
import type { ModelConfig } from "./config";
import { parseModelConfig } from "./families";
import type { Model } from "./model";
import { randomWeights } from "./random-weights";
import { frozenWeights, trainableWeights } from "./weights";

const base = {
  model_type: "llama",
  vocab_size: 97,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
};
const llama3 = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 16 };
const kinds: [string, object][] = [
  ["grouped queries, tied head", {}],
  ["one key per query head", { num_key_value_heads: 4 }],
  ["one key for all heads", { num_key_value_heads: 1 }],
  ["a head of its own", { tie_word_embeddings: false }],
  ["Qwen2: biases on q, k and v", { model_type: "qwen2" }],
  ["Llama with attention biases", { attention_bias: true }],
  ["linear RoPE scaling", { rope_scaling: { type: "linear", factor: 4 } }],
  ["Llama-3 RoPE scaling", { rope_scaling: { rope_type: "llama3", ...llama3 } }],
];

/** Random weights, biases too, so that no part is without effect. */
function weightsOf(config: ModelConfig) {
  const random = createRandom("kinds");
  const weights = randomWeights(config, 1);
  for (const [name, { shape, data }] of weights)
    weights.set(name, {
      shape,
      data: data.map((value) => 3 * value + (shape.length === 1 ? 0.3 * (random() - 0.5) : 0)),
    });
  return weights;
}

function pairs() {
  const random = createRandom("pairs");
  const ids = (n: number) => Array.from({ length: n }, () => Math.floor(97 * random()));
  return [
    [5, 3, 7],
    [9, 6, 2],
  ].map(([p, chosen, rejected]) => {
    const prompt = ids(p!);
    const row = (n: number) => ({
      input_ids: [...prompt, ...ids(n)],
      completion_mask: [...prompt.map(() => 0), ...Array<number>(n).fill(1)],
    });
    return [row(chosen!), row(rejected!)];
  });
}

function lossOf(model: Model, adapter: Adapter | null) {
  const batch = tokenBatch(pairs(), 0);
  const loss = (input: typeof batch) => {
    const [chosen, rejected] = tf.split(sequenceLogProbs(model, adapter, input), 2) as [tf.Tensor1D, tf.Tensor1D];
    return { loss: tf.softplus(rejected.sub(chosen).mul(0.5)).mean() as tf.Scalar, stats: {} };
  };
  return { loss, input: { batch, share: tf.scalar(1) } };
}

function adapted(
  config: ModelConfig,
  adapter: Pick<LoraOptions, "rank" | "targets">,
  recompute: Recompute = "attention",
) {
  const model: Model = { config, weights: frozenWeights(config, weightsOf(config), "float32"), recompute };
  const fresh = createAdapter(config, adapterOptions.parse({ alpha: 8, ...adapter }), 0);
  const random = createRandom("adapter");
  const variables: Variables = new Map(
    [...fresh.weights].map(([name, { shape, size }]) => [
      name,
      tf.variable(
        tf.tensor(
          Float32Array.from({ length: size }, () => 0.4 * (random() - 0.5)),
          shape,
        ),
      ),
    ]),
  );
  return { model, policy: { ...fresh, weights: variables }, variables };
}

type Result = ReturnType<ReturnType<typeof lossAndGradients>>;
function expectSame(a: Result, b: Result): void {
  const loss = (result: Result) => result.measured.values.dataSync()[0]!;
  expect(Math.abs(loss(a) / loss(b) - 1)).toBeLessThan(1e-5);
  const norm = (x: tf.Tensor) => x.square().sum().dataSync()[0]!;
  let [difference, whole] = [0, 0];
  for (const [name, gradient] of Object.entries(a.gradients)) {
    expect(norm(gradient), name).toBeGreaterThan(0);
    difference += norm(gradient.sub(b.gradients[name]!));
    whole += norm(gradient);
  }
  expect(Math.sqrt(difference / whole)).toBeLessThan(1e-5);
}

test.each(kinds)("compiled equals eager: %s", (_, overrides) => {
  const { model, policy, variables } = adapted(parseModelConfig({ ...base, ...overrides }), {
    rank: 3,
    targets: "all-linear",
  });
  const { loss, input } = lossOf(model, policy);
  const plain = lossAndGradients(loss, variables);
  expectSame(
    compile(plain)(input),
    tf.tidy(() => plain(input)),
  );
});

test.each([
  [1, ["q_proj", "v_proj"]],
  [5, ["down_proj"]],
  [2, ["k_proj", "o_proj", "up_proj"]],
  [8, linearLayers],
] as [number, LoraOptions["targets"]][])("compiled equals eager: rank %i on %s", (rank, targets) => {
  const { model, policy, variables } = adapted(parseModelConfig(base), { rank, targets });
  const { loss, input } = lossOf(model, policy);
  const plain = lossAndGradients(loss, variables);
  expectSame(
    compile(plain)(input),
    tf.tidy(() => plain(input)),
  );
});

test.each([true, false])("compiled equals eager: every weight trained, tied head %s", (tied) => {
  const config = parseModelConfig({ ...base, model_type: "qwen2", tie_word_embeddings: tied });
  const { weights, variables } = trainableWeights(config, weightsOf(config), "float32");
  const { loss, input } = lossOf({ config, weights, recompute: "attention" }, null);
  const plain = lossAndGradients(loss, variables);
  expectSame(
    compile(plain)(input),
    tf.tidy(() => plain(input)),
  );
});

test("recomputing changes neither loss nor gradients", () => {
  const [none, attention, block] = (["none", "attention", "block"] as const).map((recompute) => {
    const { model, policy, variables } = adapted(parseModelConfig(base), { rank: 3, targets: "all-linear" }, recompute);
    const { loss, input } = lossOf(model, policy);
    const plain = lossAndGradients(loss, variables);
    expectSame(
      compile(plain)(input),
      tf.tidy(() => plain(input)),
    );
    return compile(plain)(input);
  }) as [Result, Result, Result];
  expectSame(attention, none);
  expectSame(block, none);
});

test("refuses what the forward pass would get wrong", () => {
  expect(() => parseModelConfig({ ...base, model_type: "gemma" })).toThrow(
    /"gemma"; supported are "llama", "qwen2", .* and "bloom"/,
  );
  expect(() => parseModelConfig({ ...base, rope_scaling: { rope_type: "proportional" } })).toThrow(/"proportional"/);
  expect(() => parseModelConfig({ ...base, mlp_bias: true })).toThrow(/biases in the MLP/);
});
