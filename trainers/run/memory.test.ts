import { readdirSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { expertTargets } from "../../spec/adapters/common";
import { type RunConfig, runConfig } from "../../spec/config";
import { methodOf } from "../../spec/methods/all";
import { mean } from "../../spec/statistics";
import { withoutNative } from "../../test/without-native";
import { native } from "../engine/native";
import type { ModelConfig } from "../models/config";
import { parseModelConfig } from "../models/families";
import type { StoredBlocks } from "../models/formats/safetensors";
import { adapterFacts } from "./adapter-facts";
import { bytesPerToken, estimateMemory, parametersOf, peakOf, planMemory } from "./memory";
import { savings } from "./memory-advice";

const smollm2: ModelConfig = parseModelConfig({
  model_type: "llama",
  vocab_size: 49152,
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
});
const rowsPerStep = (config: RunConfig) => methodOf(config).rowsPerStep(config);
const run = (overrides: object = {}): RunConfig =>
  runConfig.parse({
    method: "dpo",
    model: { source: "x" },
    data: { train: "x", heldOut: 0.1 },
    output: "y",
    ...overrides,
  });

/** No evaluations. */
const plain = { scoresVocabulary: true, evaluates: false, answers: false };

const tiny: ModelConfig = parseModelConfig(JSON.parse(readFileSync("data/tiny/config.json", "utf8")));

// VmHWM on two cores, 2026-11-23: DPO on SmolLM2, LoRA r16, pairs of 128 + 128 tokens: `npm run bench -- "dpo-4x(128"` shows two of them.
test.each([
  ["none", 1536, "float32", 3.94e9],
  ["none", 768, "float32", 2.94e9],
  ["none", 384, "float32", 2.32e9],
  ["attention", 1536, "float32", 3.59e9],
  ["attention", 768, "float32", 2.74e9],
  ["attention", 384, "float32", 2.23e9],
  ["block", 1536, "float32", 2.18e9],
  ["block", 768, "float32", 2.11e9],
  ["block", 384, "float32", 1.95e9],
  ["block", 384, "bfloat16", 1.81e9],
  ["none", 768, "bfloat16", 2.74e9],
] as const)(
  "the estimate is within a fifth of what was measured: %s, %i tokens, %s",
  (recompute, tokens, dtype, measured) => {
    const work = { model: smollm2, dtype, trainedParameters: 4_884_480, recompute, tokens, keys: 192, ...plain };
    const peak = peakOf(estimateMemory(work));
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

// VmHWM on two cores, 2026-11-26: the same steps by the ops of native/.
test.each([
  ["none", 1536, "float32", 2.48e9],
  ["none", 768, "float32", 1.87e9],
  ["none", 384, "float32", 1.52e9],
  ["block", 1536, "float32", 1.51e9],
  ["block", 384, "float32", 1.29e9],
  ["none", 1536, "bfloat16", 2.35e9],
  ["none", 768, "bfloat16", 1.67e9],
  ["none", 384, "bfloat16", 1.33e9],
  ["block", 1536, "bfloat16", 1.33e9],
  ["block", 384, "bfloat16", 1.1e9],
] as const)(
  "the estimate for the own ops is within a fifth of what was measured: %s, %i tokens, %s",
  (recompute, tokens, dtype, measured) => {
    const work = { model: smollm2, dtype, trainedParameters: 4_884_480, recompute, tokens, keys: 192, ...plain };
    const peak = peakOf(estimateMemory({ ...work, ownOps: true }));
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

// VmHWM on two cores, 2026-11-30: four steps of DPO on pairs of at most 120 tokens, LoRA on attention and on the 32 experts of each of six blocks.
const mixture: ModelConfig = parseModelConfig({
  ...{ model_type: "olmoe", vocab_size: 512, hidden_size: 512, intermediate_size: 512, num_hidden_layers: 6 },
  ...{ num_attention_heads: 8, num_key_value_heads: 8, num_experts: 32, num_experts_per_tok: 4 },
});
test.each([
  [16, 1.78e9],
  [64, 2.87e9],
])("the estimate for LoRA of rank %i on experts is within a fifth of what was measured", (rank, measured) => {
  const targets = ["q_proj", "k_proj", "v_proj", "o_proj", ...expertTargets];
  const dtype = "float32";
  const config = run({
    model: { source: "x", dtype },
    adapter: { rank, targets },
    batchSize: 4,
    recompute: "none",
    data: { train: "x" },
  });
  expect(Math.abs(planMemory(config, mixture, 120).peak / measured - 1)).toBeLessThan(0.2);
});

// VmHWM, 2026-11-29: two steps of SFT on rows of 4,096 tokens over a bfloat16 base, by the ops of native/.
test.each([
  ["none", 4.46e9],
  ["block", 1.81e9],
  ["disk", 1.57e9],
] as const)(
  "the estimate for long rows is within a fifth of what was measured: recompute %s",
  (recompute, measured) => {
    const work = { model: smollm2, dtype: "bfloat16", trainedParameters: 4_884_480, tokens: 4096, keys: 2048 } as const;
    const peak = peakOf(estimateMemory({ ...work, recompute, ...plain, ownOps: true }));
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

// VmHWM on two cores with AMX, 2026-11-27: the same steps over a quantised base (`npm run bench -- qlora` shows two of them), and a step of
// Qwen2-1.5B's shape with random weights.
const qwen2: ModelConfig = parseModelConfig({
  ...{ model_type: "qwen2", vocab_size: 151936, hidden_size: 1536, intermediate_size: 8960, num_hidden_layers: 28 },
  ...{ num_attention_heads: 12, num_key_value_heads: 2, rms_norm_eps: 1e-6, tie_word_embeddings: true },
});
test.each([
  ["none", 768, "bfloat16", "nf4", 1.82e9],
  ["none", 768, "bfloat16", "nf4-double", 1.82e9],
  ["none", 768, "float32", "nf4-double", 1.85e9],
  ["block", 384, "bfloat16", "nf4-double", 1.29e9],
  ["block", 384, "bfloat16", "nf4-double", 3.7e9, qwen2, 18_464_768],
] as const)(
  "the estimate over a quantised base is within a fifth of what was measured: %s, %i tokens, %s, %s",
  (recompute, tokens, dtype, quantisation, measured, model: ModelConfig = smollm2, trainedParameters: number = 4_884_480) => {
    const work = {
      model,
      dtype,
      held: { quantisation, unquantised: [] },
      trainedParameters,
      recompute,
      tokens,
      keys: 192,
      ...plain,
    };
    const peak = peakOf(estimateMemory({ ...work, ownOps: true }));
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

// VmHWM of three steps of DPO on a shared machine of two cores, 2026-11-29: the bundled file's linear layers in their blocks, film reviews.
test.each([
  ["bfloat16", 1.53e9],
  ["float32", 1.54e9],
] as const)("the estimate over a GGUF file's blocks is within a fifth of what was measured: %s", (dtype, measured) => {
  const model = { source: "smollm2-135m-instruct", dtype, quantisation: "gguf" };
  const blocks: StoredBlocks = { typeOf: () => "Q4_1", read: () => expect.unreachable("a plan reads no weights") };
  const quiet = { evalEvery: null, sampleEvery: null };
  const given = run({ model, recompute: "none", microBatchTokens: 1024, batchSize: 4, ...quiet });
  const { peak } = planMemory(given, smollm2, 140, { blocks });
  expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
});

// VmHWM of three steps of SFT on two cores, 2026-11-28: every weight of SmolLM2 trained, film reviews in micro-batches of 256 tokens.
test.each([
  ["adamw", false, 4.99e9],
  ["adamw8bit", false, 4.52e9],
  ["adamw", true, 4.04e9],
  ["adamw8bit", true, 4.02e9],
] as const)(
  "the estimate is within a fifth of what was measured: every weight trained by %s, paged %s",
  (name, paged, measured) => {
    const config = { method: "sft", adapter: null, microBatchTokens: 256, recompute: "attention", batchSize: 2 };
    const { peak } = planMemory(run({ ...config, optimizer: { name, paged } }), smollm2, 140);
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

test("what a run that does not fit could change comes in the order in which it costs least, with what it saves", () => {
  const memory = vi.spyOn(process, "availableMemory").mockReturnValue(1e12); // what this machine has left changes nothing
  const whole = savings(run({ method: "sft", adapter: null, recompute: "none", microBatchTokens: 512 }), smollm2, 140);
  expect(whole.map(({ change }) => change)).toEqual([
    ...['optimizer.name "adamw8bit"', "optimizer.paged true", 'recompute "attention"', "microBatchTokens 256"],
  ]);
  const numbers = parametersOf(smollm2);
  expect(whole[0]!.bytes).toBeCloseTo(4 * numbers * (2 - 0.5 - 2 / 256), -1); // two floats become two bytes and their share of two scales
  expect(whole[1]!.bytes).toBeCloseTo(4 * numbers * (0.5 + 2 / 256), -1);
  const adapter = { rank: 256, alpha: 256 };
  const lora = savings(run({ adapter, recompute: "none", microBatchTokens: 1024 }), qwen2, 140);
  expect(lora.map(({ change }) => change)).toEqual([
    ...['optimizer.name "adamw8bit"', "optimizer.paged true", 'model.quantisation "nf4-double"', 'recompute "block"'],
    "microBatchTokens 256",
    ...(native() ? ['recompute "disk"'] : []),
  ]);
  memory.mockRestore();
});

test("a run over a .gguf file could hold its blocks as they are, where all of them are of types that are held", () => {
  const memory = vi.spyOn(process, "availableMemory").mockReturnValue(1e12);
  const config = run({ adapter: { rank: 16 }, recompute: "none", microBatchTokens: 256 });
  const offered = (typeOf: (name: string) => string, more: Partial<RunConfig> = {}) => {
    const blocks: StoredBlocks = { typeOf, read: vi.fn() };
    return savings({ ...config, ...more } as RunConfig, qwen2, 140, { blocks }).map(({ change }) => change);
  };
  const [gguf, fourBit] = ['model.quantisation "gguf"', 'model.quantisation "nf4-double"'];
  expect(offered(() => "Q4_0")).toContain(gguf);
  expect(offered(() => "Q4_0")).not.toContain(fourBit); // its numbers are rounded once
  for (const typeOf of [() => "F16", (name: string) => (name.includes("down_proj") ? "IQ1_S" : "Q4_0")]) {
    expect(offered(typeOf)).toContain(fourBit);
    expect(offered(typeOf)).not.toContain(gguf);
  }
  expect(offered(() => "Q4_0", { adapter: null })).not.toContain(gguf);
  memory.mockRestore();
});

test("while answers are sampled the quantised layers are there in full", () => {
  const work = { model: qwen2, dtype: "bfloat16", trainedParameters: 0, recompute: "none", tokens: 384 } as const;
  const peak = (more: object) => peakOf(estimateMemory({ ...work, keys: 192, ...plain, ownOps: true, ...more }));
  const linear = 28 * (2 * 1536 * 1536 + 2 * 256 * 1536 + 3 * 1536 * 8960);
  const more = (quantisation: string | null) =>
    peak({ held: { quantisation, unquantised: [] }, sampledTokens: 1 }) -
    peak({ held: { quantisation, unquantised: [] } });
  expect(more("nf4") - more(null)).toBeCloseTo((2 * linear * 27) / 28 - 200e6, -1);
});

test("layers that are left in full precision take what they take in it", () => {
  const work = { model: qwen2, dtype: "bfloat16", trainedParameters: 0, recompute: "none", tokens: 384 } as const;
  const weights = (unquantised: string[]) =>
    estimateMemory({ ...work, keys: 192, ...plain, held: { quantisation: "nf4", unquantised } }).weights;
  const numbers = 28 * 1536 * 8960;
  const held = 1.7 * numbers * (2 - 1 / 2 - 4 / 64); // what reading leaves behind is counted with each
  const passing = (2 * numbers) / 28; // of a layer at hand
  expect(weights(["down_proj"]) - weights([])).toBeCloseTo(held - passing, -1);
});

// VmHWM on two cores, 2026-11-27: the gradient of a pair of 512 + 504 tokens, LoRA r16, layers of mamba-130m and mamba2-130m over 2,048 tokens of
// vocabulary.
const heads = { state_size: 128, num_heads: 24, head_dim: 64, n_groups: 1, tie_word_embeddings: true };
test.each([
  ["mamba", {}, 87_296, "none", 4, 1.83e9],
  ["mamba", {}, 87_296, "block", 4, 1.63e9],
  ["mamba", {}, 87_296, "none", 12, 2.93e9],
  ["mamba", {}, 87_296, "block", 12, 1.96e9],
  ["mamba2", heads, 65_920, "none", 4, 1.63e9],
  ["mamba2", heads, 65_920, "block", 4, 1.59e9],
  ["mamba2", heads, 65_920, "none", 12, 2.53e9],
  ["mamba2", heads, 65_920, "block", 12, 1.72e9],
] as const)(
  "the estimate is within a fifth of what was measured: %s, %o, %i adapted numbers a layer, %s, %i layers",
  (model_type, own, adapted, recompute, layers, measured) => {
    const sizes = { vocab_size: 2048, hidden_size: 768, num_hidden_layers: layers };
    const model = parseModelConfig({ model_type, ...sizes, ...own });
    const work = { model, trainedParameters: layers * adapted, recompute, tokens: 1520, keys: 508, ...plain };
    const peak = peakOf(estimateMemory({ ...work, dtype: "float32" }));
    expect(Math.abs(peak / measured - 1)).toBeLessThan(0.2);
  },
);

test("recomputing more keeps less", () => {
  const [none, attention, block, disk] = (["none", "attention", "block", "disk"] as const).map((recompute) =>
    bytesPerToken({ model: smollm2, recompute, keys: 512 }),
  );
  expect(none).toBeGreaterThan(attention!);
  expect(attention).toBeGreaterThan(4 * block!);
  expect(block! - disk!).toBe(4 * smollm2.layers * smollm2.hiddenSize); // each block's input, in float32
});

const quiet = { batchSize: 1, evalEvery: null, sampleEvery: null };

test.runIf(native())(
  "by attention in blocks a plan grows with a row's length, by plain attention with its square",
  () => {
    const dora = run({ adapter: { rank: 16, alpha: 16, dora: true }, recompute: "attention", ...quiet }); // its blocks are no ops
    const activations = (T: number) => planMemory(dora, smollm2, T).parts.activations;
    expect(activations(8192) / activations(4096)).toBeCloseTo(2, 6);
    const bent = withoutNative(() => activations(8192) - 2 * activations(4096));
    const probabilities = (T: number) => (4 * smollm2.heads * T * T) / 2; // a token sees half of the row on average
    expect(bent / (1.3 * 2 * (probabilities(8192) - 2 * probabilities(4096)))).toBeCloseTo(1, 6);
  },
);

test.runIf(native())(
  "training every weight on long rows fits by attention in blocks where it does not by plain attention",
  () => {
    const whole = run({ method: "sft", adapter: null, optimizer: { paged: true }, ...quiet });
    const planned = (T: number) => planMemory(whole, smollm2, T);
    const memory = vi.spyOn(process, "availableMemory").mockReturnValue(1e12);
    expect(planned(256).recompute).toBe("none");
    const { recompute, peak } = planned(8192);
    expect(recompute).toBe("attention"); // though there is room: it is the faster way there
    memory.mockReturnValue((1.01 * peak) / 0.8);
    expect(planned(8192)).toMatchObject({ recompute, peak });
    expect(withoutNative(() => planned(8192)).peak).toBeGreaterThan(1.01 * peak);
    memory.mockRestore();
  },
);

test("the optimizer's states go to disk only where a run would not fit otherwise", () => {
  const whole = { method: "sft", adapter: null, microBatchTokens: 256 };
  const plan = () => planMemory(run(whole), smollm2, 140);
  const { peak } = planMemory(run({ ...whole, recompute: "attention", optimizer: { paged: true } }), smollm2, 140);
  const memory = vi.spyOn(process, "availableMemory");
  memory.mockReturnValue(1e12);
  expect(plan()).toMatchObject({ recompute: "none", paged: false });
  memory.mockReturnValue((1.01 * peak) / 0.8);
  expect(plan()).toMatchObject({ recompute: "attention", paged: true, peak });
  memory.mockRestore();
});

test("what the run file says is kept; what it leaves open is filled in", () => {
  const given = planMemory(run({ recompute: "block", microBatchTokens: 100 }), smollm2, 384);
  expect([given.recompute, given.microBatchTokens]).toEqual(["block", 100]);
  const open = planMemory(run(), smollm2, 384);
  expect(["none", "attention", "block"]).toContain(open.recompute);
  expect(open.microBatchTokens).toBeGreaterThanOrEqual(256);
  // no machine has the memory for rows of ten million tokens: the leanest way is taken
  expect(planMemory(run(), smollm2, 1e7)).toMatchObject({ recompute: native() ? "disk" : "block", paged: true });
});

test("the estimate is within a fifth of what was measured: tiny, 384 tokens", () => {
  const work = {
    dtype: "float32",
    trainedParameters: 200_000,
    recompute: "none",
    tokens: 384,
    keys: 48,
    ...plain,
  } as const;
  expect(Math.abs(peakOf(estimateMemory({ model: tiny, ...work })) / 0.59e9 - 1)).toBeLessThan(0.2);
});

// VmHWM of `npm run workbench -- dry-run` on two cores: film reviews, DPO; the longest rows take 148 and 168 columns. First with
// WORKBENCH_NATIVE=off (2026-11-23), then with the ops of native/ (2026-11-26).
test.each([
  [tiny, 148, { batchSize: 16 }, 0.75e9, 0.696e9],
  [tiny, 148, { batchSize: 16, evalEvery: 20 }, 0.89e9, 0.74e9],
  [tiny, 148, { batchSize: 16, evalEvery: 20, sampleEvery: 20 }, 0.97e9, 0.731e9],
  [smollm2, 168, { batchSize: 4 }, 2.75e9, 1.948e9],
  [smollm2, 168, { batchSize: 4, evalEvery: 8 }, 3.16e9, 1.924e9],
  [smollm2, 168, { batchSize: 4, sampleEvery: 8 }, 2.86e9, 1.944e9],
])("evaluations are in the estimate: %#", (model, longestRow, changes, off, on) => {
  expect(Math.abs(planMemory(run(changes), model, longestRow).peak / (native() ? on : off) - 1)).toBeLessThan(0.2);
});

// VmHWM of `npm run workbench -- dry-run` on two cores, 2026-11-29: film reviews, DPO over a base in bfloat16; the longest rows take 192 columns.
// First with WORKBENCH_NATIVE=off, then with the ops of native/.
test.each([
  [[], 2.212e9, 1.712e9],
  [["embed_tokens", "lm_head", "model.norm"], 4.245e9, 3.773e9],
  [["norm"], 2.51e9, 2.431e9],
])("modules that are trained whole are in the estimate: %j", (modulesToSave, off, on) => {
  const model = { source: "smollm2-135m-instruct", dtype: "bfloat16" };
  const adapter = { rank: 16, alpha: 32, modulesToSave };
  const { peak } = planMemory(run({ model, adapter, batchSize: 4 }), smollm2, 192);
  expect(Math.abs(peak / (native() ? on : off) - 1)).toBeLessThan(0.2);
});

// VmHWM of `npm run workbench -- dry-run` on two cores, 2026-11-26: film reviews on tiny, LoRA r16, answers of 48 tokens, oracle reward. A
// prompt with its longest answer takes 68 columns, with PPO's place for the score 76, with two answers 116. RLOO and GRPO learn from 64
// answers a step. Without the ops of native/, then with them.
const gold = { gold: "film-reviews" };
const groups = { prompts: 8, numGenerations: 8, maxCompletionLength: 48, numIterations: 2, reward: gold };
test.each([
  ["GRPO", 68, { method: "grpo", grpo: groups }, 0.869e9, 0.751e9],
  ["RLOO", 68, { method: "rloo", rloo: groups }, 0.87e9, 0.769e9],
  [
    "PPO",
    76,
    { method: "ppo", ppo: { rollouts: 64, maxCompletionLength: 48, numPpoEpochs: 2, numMiniBatches: 2, reward: gold } },
    0.919e9,
    0.777e9,
  ],
  ["KTO", 84, { method: "kto", batchSize: 16 }, 0.793e9, 0.681e9],
  [
    "iterative DPO",
    116,
    {
      method: "iterative-dpo",
      batchSize: 32,
      iterativeDpo: { promptsPerRound: 32, numGenerations: 2, maxCompletionLength: 48, judge: gold },
    },
    0.87e9,
    0.709e9,
  ],
  [
    "RAFT",
    68,
    { method: "raft", batchSize: 32, raft: { promptsPerRound: 32, numGenerations: 8, reward: gold } },
    0.789e9,
    0.762e9,
  ],
  [
    "SPPO",
    68,
    { method: "sppo", batchSize: 32, sppo: { promptsPerRound: 8, numGenerations: 8, judge: gold } },
    0.792e9,
    0.665e9,
  ],
  [
    "MiniLLM", // the teacher is another tiny
    68,
    {
      method: "distill",
      batchSize: 32,
      distill: { teacher: "data/tiny", policyGradient: true, lmbda: 1, beta: 1, maxCompletionLength: 48 },
    },
    0.837e9,
    0.759e9,
  ],
  [
    "Nash-MD",
    68,
    { method: "nash-md", nashMd: { promptsPerRound: 32, maxCompletionLength: 48, judge: gold } },
    0.808e9,
    0.681e9,
  ],
  ["REINFORCE++", 68, { method: "reinforce-plus-plus", reinforcePlusPlus: { reward: gold } }, 0.973e9, 0.769e9],
])(
  "B2: the estimate of a method that samples or scores beside its steps is within a fifth of what was measured: %s",
  (_, longestRow, method, off, on) => {
    const plan = planMemory(run(method), tiny, longestRow);
    expect(Math.abs(plan.peak / (native() ? on : off) - 1)).toBeLessThan(0.2);
  },
);

// VmHWM of `npm run workbench -- dry-run` on two cores, 2026-11-30: that PPO with 32 texts of up to 169 columns in each step.
test("B2: the estimate of a run that learns texts beside its completions is within a fifth of what was measured", () => {
  const ppo = { rollouts: 64, maxCompletionLength: 48, numPpoEpochs: 2, numMiniBatches: 2, reward: gold };
  const planned = (ptx: object | null) =>
    planMemory(run({ method: "ppo", ppo: { ...ppo, ptx } }), tiny, 88, {}, 169).peak;
  const peak = planned({ texts: "x.jsonl", rows: 32 });
  expect(Math.abs(peak / (native() ? 0.911e9 : 1.083e9) - 1)).toBeLessThan(0.2);
  expect(peak).toBeGreaterThan(planned(null));
});

// VmHWM of `npm run workbench -- dry-run` on two cores, 2026-11-28: film reviews on SmolLM2, LoRA r16, an adapter as the teacher, the rows'
// answers of up to 120 columns. With the ops of native/, then without them.
test("the estimate of distillation is within a fifth of what was measured", () => {
  const config = run({ method: "distill", distill: { teacher: "x", lmbda: 0 }, batchSize: 8 });
  expect(Math.abs(planMemory(config, smollm2, 120).peak / (native() ? 2.214e9 : 2.874e9) - 1)).toBeLessThan(0.2);
});

test("a teacher is counted where it is a model of its own, or stands on a frozen base beside trained weights", () => {
  const referenceOf = (teacher: string, adapter?: null) =>
    planMemory(run({ method: "distill", distill: { teacher }, ...(adapter === null && { adapter }) }), smollm2, 64)
      .parts.reference;
  expect(referenceOf("x")).toBe(0);
  for (const [teacher, adapter, model] of [
    ["data/tiny", undefined, tiny],
    ["data/tiny", null, tiny],
    ["x", null, smollm2],
  ] as const) {
    const copies = referenceOf(teacher, adapter) / (4 * parametersOf(model));
    expect(copies).toBeGreaterThanOrEqual(1);
    expect(copies).toBeLessThan(2);
  }
});

test.each([
  [{}, adapterFacts(run().adapter!, smollm2).parameters],
  [{ adapter: null }, parametersOf(smollm2)],
])("a reference that follows the policy is as large again as what is trained: %j", (options, parameters) => {
  const referenceOf = (dpo: object) => planMemory(run({ ...options, dpo }), smollm2, 64).parts.reference;
  const more = referenceOf({ refModelSyncSteps: 8 }) - referenceOf({});
  expect(more / (4 * parameters)).toBeGreaterThanOrEqual(1);
  expect(more / (4 * parameters)).toBeLessThan(2);
});

test.each([
  [{ method: "grpo", grpo: { ...groups, numMiniBatches: 2 } }, 32],
  [{ method: "rloo", rloo: { ...groups, prompts: 3, numGenerations: 5, numMiniBatches: 4 } }, 4], // 15 answers in parts of 3 and 4
  [{ method: "reinforce-plus-plus", reinforcePlusPlus: { prompts: 50, numMiniBatches: 4, reward: gold } }, 13],
  [{ method: "ppo", ppo: { rollouts: 50, numMiniBatches: 4, reward: gold } }, 13],
  [{ method: "iterative-dpo", batchSize: 6, gradientAccumulationSteps: 2, iterativeDpo: { judge: gold } }, 12],
  [{ method: "sppo", batchSize: 6, gradientAccumulationSteps: 2, sppo: { judge: gold } }, 12],
  [{ method: "nash-md", batchSize: 6, nashMd: { promptsPerRound: 50, judge: gold } }, 50],
  [{ method: "raft", batchSize: 6, gradientAccumulationSteps: 2, raft: { reward: gold } }, 12],
  [{ method: "kto", batchSize: 6, gradientAccumulationSteps: 3 }, 18],
])(
  "B2: a step learns from as many rows as the method's own settings say, whatever batchSize is: %j",
  (method, rows) => {
    expect(rowsPerStep(run(method))).toBe(rows);
    if ("grpo" in method || "rloo" in method || "ppo" in method)
      expect(rowsPerStep(run({ ...method, batchSize: 500 }))).toBe(rows);
  },
);

interface Measured {
  workload: { kind: string; model?: string; prompt: number; ways: Way[] } & Record<
    "pairs" | "answer" | "rollouts" | "newTokens",
    number
  >;
  rounds: Record<string, { peak: number }>[];
}
interface Way {
  id: string;
  who: string;
  dtype: string;
  recompute: string;
  microBatchTokens: number;
}

/** What `npm run bench` measured of ours, a row for each way. */
const bench = readdirSync("tools/bench/results", { recursive: true, encoding: "utf8" })
  .filter((file) => file.includes("/"))
  .flatMap((file) => {
    const { workload, rounds } = JSON.parse(readFileSync(`tools/bench/results/${file}`, "utf8")) as Measured;
    if (!["dpo", "reward", "ppo"].includes(workload?.kind)) return [];
    const ours = workload.ways.filter(({ who }) => who === "ours");
    return ours.map((way) => ({ file, way, workload, peak: mean(rounds.map((round) => round[way.id]!.peak)) }));
  });

test.each(bench)("the estimate of a bench is within a fifth of its peak: $file, $way.id", ({ way, workload, peak }) => {
  const { kind, model, prompt, answer, pairs, rollouts, newTokens } = workload;
  const { dtype, recompute, microBatchTokens } = way;
  const sampled = {
    batchSize: 4,
    ppo: { rollouts, numPpoEpochs: 1, maxCompletionLength: newTokens, reward: { model: "x" } },
  };
  const size = kind === "ppo" ? sampled : { batchSize: pairs };
  const config = run({ method: kind, model: { source: "x", dtype }, recompute, microBatchTokens, ...size });
  const longestRow = kind === "ppo" ? prompt + newTokens : prompt + 2 * answer;
  const plan = planMemory(config, model === "tiny" ? tiny : smollm2, longestRow);
  expect(Math.abs(plan.peak / peak - 1)).toBeLessThan(0.2);
});
