// What a run will need at its peak, before it starts: from it the run chooses what to recompute and how many tokens to take at once.
// The constants are measured on Linux with TensorFlow 2.21; memory.test.ts holds the peaks (VmHWM) they were fitted to.

import { join } from "node:path";
import { policyPath } from "../../common/model-paths";
import { isWholeModel } from "../../common/whole-model";
import type { RunConfig } from "../../spec/config";
import type { Recompute } from "../../spec/fields/common";
import { type HeldBase, heldInFull, learntOver } from "../../spec/fields/model";
import type { OptimizerConfig } from "../../spec/fields/optimizer";
import { methodOf } from "../../spec/methods/all";
import { ptxOf } from "../../spec/methods/sampling-of";
import type { MemoryParts, Plan } from "../../spec/reports";
import { fourBitBytes } from "../../spec/requirements/model-states";
import { blockBytes, type HeldType } from "../engine/gguf-blocks/types";
import { native } from "../engine/native";
import type { ModelConfig } from "../models/config";
import { familyOf, hasOwnOps, parseModelConfig, weightShapes } from "../models/families";
import { readJson } from "../models/fields";
import type { WeightSource } from "../models/formats/safetensors";
import { heldBlocks } from "../models/held-blocks";
import { pageTokens } from "../models/native-model";
import { quantisedLayers } from "../models/quantised-layers";
import { rewardModelPath, scorerConfig } from "../models/scorer-config";
import { adapterFacts } from "./adapter-facts";

const MB = 1e6;
/** Node and the TensorFlow library. */
const startup = 520 * MB;
/** What differs where the ops of native/ compute blocks and the head. */
const constants = {
  plain: {
    /** The weights themselves, and what reading them left behind: freed memory is not all given back. */
    loading: 1.7,
    /** Rows of size V that the head holds at once: two chunks' scores, probabilities and the product's scratch space. */
    headRows: 1500,
    /** TensorFlow's allocator and the buffers of running ops, over what the tape keeps. */
    overhead: 1.3,
    /** What TensorFlow keeps of a compiled program and its buffers; a pass over held-out rows also holds this share of the activations. */
    program: 90 * MB,
    forward: 0.4,
  },
  own: { loading: 1.35, headRows: 0, overhead: 1.15, program: 40 * MB, forward: 0.1 },
};
/** Numbers of quantised layers come and go, all of them at once while the own ops sample: at most so much of what is freed is not used again at once. */
const passingMatrices = 200 * MB;

/** Numbers of 4 bytes that an optimiser keeps of each number of a matrix; Adafactor keeps a row's and a column's means. */
export const slotNumbers: Record<OptimizerConfig["name"], number> = {
  ...{ adamw: 2, adamw8bit: 0.5 + 2 / 256, sgd: 0, lion: 1, adafactor: 0 },
  ...{ schedule_free_adamw: 3, muon: 1 },
};

interface Workload {
  model: ModelConfig;
  /** How the frozen matrices are held. */
  dtype: "float32" | "bfloat16";
  held?: HeldBase;
  /** Layers that stay in the blocks of a GGUF file, with their types. */
  blocks?: ReadonlyMap<string, HeldType>;
  trainedParameters: number;
  /** Of these in updates of experts, whose B is turned and scaled, and whose gradients are put together from each expert's. */
  trainedExperts?: number;
  /** Of these in an output head beside an adapter: gradients of all chunks of tokens (engine/head.ts, head-entropy.ts) are there at once, twice where the entropy has some too. */
  trainedHead?: number;
  /** What the run trains with: AdamW where it is not said. */
  optimizer?: Pick<OptimizerConfig, "name" | "paged">;
  recompute: Recompute;
  /** Tokens of a micro-batch. */
  tokens: number;
  /** Keys that a token sees on average. */
  keys: number;
  /** Whether answers are scored over the vocabulary; a reward model has a head of its own. */
  scoresVocabulary: boolean;
  /** Whether two distributions over it are compared, or its matrix is trained, which no op of native/ does. */
  comparesVocabulary?: boolean;
  /** Whether held-out rows are looked at, and fixed prompts answered, now and then: each is a program of its own. */
  evaluates: boolean;
  answers: boolean;
  /** Whether it samples what it learns from, or scores answers beside its steps (KTO's reference point): a program of its own too. */
  scoresApart?: boolean;
  /** Whether it learns texts beside completions, by a program of its own. */
  learnsTexts?: boolean;
  /** Whether blocks and the head are computed by the ops of native/. */
  ownOps?: boolean;
  /** Whether attention alone is, where it is recomputed: of its probabilities a block is there at a time. */
  blockedAttention?: boolean;
  /** Tokens of all rows that are sampled at once, filled up to whole pages, whose keys and values are kept meanwhile. */
  sampledTokens?: number;
  /** Of reward models beside it. */
  scorerParameters?: number;
  /** Of the frozen copy that is the reference where every weight is trained, and of a reference that follows the policy. */
  referenceParameters?: number;
}

/** Bytes that the tape keeps for each token. */
export function bytesPerToken({
  model,
  recompute,
  keys,
  ownOps = false,
  blockedAttention = false,
}: Pick<Workload, "model" | "recompute" | "keys" | "ownOps" | "blockedAttention">): number {
  if (model.stateSpace) return stateSpaceBytes(model, recompute);
  const { hiddenSize: d, intermediateSize: f, layers, heads, kvHeads, headDim } = model;
  const projected = (heads + 2 * kvHeads) * headDim;
  // the own ops keep the block's input, q, k and v, what attention made, its residual, gate and up, and work with as much again
  const own = 2 * d + projected + heads * headDim + 2 * f;
  if (ownOps) return 4 * (layers * { none: own, attention: own, block: d, disk: 0 }[recompute] + 3 * own);
  const probabilities = heads * keys;
  // residual, normed input and attention output; residual, normed input; q, k, v; gate and up
  const block = 5 * d + projected + mlpValues(model);
  // or logarithms of their sums; of the layer at hand its keys and values packed, and each head's part of their gradients
  const packed = (2 * heads + 3 * kvHeads) * headDim;
  const [sums, passed, again] = blockedAttention
    ? [heads, packed, block + heads + packed]
    : [0, 2 * probabilities, block + probabilities];
  const perLayer = { none: block + probabilities, attention: block + sums, block: d, disk: 0 }[recompute];
  const passing = { none: 0, attention: passed, block: again, disk: again }[recompute];
  return 4 * (layers * perLayer + passing);
}

/** Of a state-space model, whose scan holds the states of some channels at a time, Mamba-2's those between chunks. Its prompts are computed with each of their answers. */
function stateSpaceBytes(
  { hiddenSize: d, intermediateSize: channels, layers, stateSpace }: ModelConfig,
  recompute: Recompute,
): number {
  const { state, heads } = stateSpace!;
  const block = 2 * d + (heads ? 4.5 : 5.5) * channels;
  const states = heads ? 5 * (channels / 16) * state + 3 * 16 * heads.count : 11 * (channels / 4) * state;
  const perLayer = { none: block, attention: block, block: d, disk: 0 }[recompute];
  const passing = recompute === "block" || recompute === "disk" ? block + states : states;
  return 1.5 * 4 * (layers * perLayer + passing);
}

/** What the tape keeps of a token's MLP: gate and up; of a mixture those of each expert that it goes to, with what that made of it. */
const mlpValues = ({ hiddenSize: d, intermediateSize: f, mixture }: ModelConfig): number =>
  mixture ? mixture.active * (2 * f + d) + 3 * mixture.experts : 2 * f;

const elements = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

export const parametersOf = (model: ModelConfig): number =>
  Object.values(weightShapes(model)).reduce((sum, shape) => sum + elements(shape), 0);

export const peakOf = (parts: MemoryParts): number => Object.values(parts).reduce((a, b) => a + b, 0);

/** Resident memory at the peak. */
export function estimateMemory(work: Workload): MemoryParts {
  const { model, dtype, trainedParameters, tokens } = work;
  const { linearShapes, experts } = familyOf(model);
  const { gateUp, down } = experts?.(model) ?? { gateUp: [], down: [] };
  const wide = dtype === "bfloat16" ? 2 : 4;
  const linear = Object.keys(linearShapes(model)).map((name) => `${name}.weight`);
  const isOf = (names: readonly string[], name: string) => names.some((layer) => name.endsWith(`.${layer}`));
  const held = learntOver(work.held ?? heldInFull);
  const inCodes = quantisedLayers(model, held);
  let [weights, quantised] = [0, 0];
  for (const [name, shape] of Object.entries(weightShapes(model))) {
    const [count, type] = [elements(shape), work.blocks?.get(name)];
    if (type || inCodes.has(name)) quantised += count;
    if (type) weights += blockBytes(type, count);
    else if (inCodes.has(name)) weights += count * fourBitBytes(held.quantisation!);
    else weights += count * (isOf([...linear, ...gateUp, ...down], name) ? wide : 4);
  }
  const inFull = quantised * wide;
  const samples = work.ownOps && (work.sampledTokens || work.answers);
  const passing = samples ? inFull : Math.min(inFull, passingMatrices + inFull / model.layers);
  const { loading, overhead, program, forward } = constants[work.ownOps ? "own" : "plain"];
  const slots = work.optimizer?.paged ? 0 : slotNumbers[work.optimizer?.name ?? "adamw"];
  const { headRows } = constants[work.ownOps && !work.comparesVocabulary ? "own" : "plain"];
  const activations = overhead * tokens * bytesPerToken(work);
  const headChunks = Math.max(4, 2 ** Math.ceil(Math.log2(tokens / 256)));
  // keys and values
  const cached = 8 * (work.sampledTokens ?? 0) * model.layers * model.kvHeads * 32 * Math.ceil(model.headDim / 32);
  return {
    program: startup,
    weights: loading * (weights + 4 * (work.scorerParameters ?? 0)) + passing,
    reference: loading * 4 * (work.referenceParameters ?? 0),
    // value, gradient, new value or clipped gradient; slots
    trained:
      4 * (3 + slots) * trainedParameters +
      4 * 4 * (work.trainedExperts ?? 0) +
      4 * headChunks * (work.trainedHead ?? 0),
    logits: work.scoresVocabulary ? 4 * headRows * Math.min(model.vocabSize, 1 << 17) : 0,
    activations: activations + cached + (work.scoresApart ? program : 0) + (work.learnsTexts ? program : 0),
    evaluation: (work.evaluates ? program + forward * activations : 0) + (work.answers ? program : 0),
  };
}

/** Numbers in the reward models of a run that are models of their own, which are held in float32. */
function scorerParameters(config: RunConfig): number {
  const sources = [methodOf(config).scoredBy(config)?.reward.model ?? []].flat();
  const folders = sources.map(rewardModelPath).filter(isWholeModel);
  return folders
    .flatMap((folder) => Object.values(weightShapes(scorerConfig(folder))))
    .reduce((sum, shape) => sum + elements(shape), 0);
}

/** Numbers in the teacher of distillation: a model of its own, or the frozen base that its adapter stands on where every weight is trained. */
function teacherParameters(config: RunConfig, student: ModelConfig): number {
  if (config.method !== "distill") return 0;
  const teacher = policyPath(config.distill.teacher);
  if (!isWholeModel(teacher)) return config.adapter === null ? parametersOf(student) : 0;
  const file = join(teacher, "config.json");
  return parametersOf(parseModelConfig(readJson(file), file));
}

/** Activations of one micro-batch, by default. More tokens at once are hardly faster, fewer leave the cores idle. */
const activationBudget = { plain: 1000 * MB, own: 600 * MB };

/** Whether the adapter as it was at the start is kept beside the one that is trained. */
const keepsStart = (config: RunConfig): boolean =>
  config.adapter !== null && "reference" in config && config.reference === "initial";

/** Fills in what the run file leaves open: the fastest way that should fit into the memory that is free now. `host` says in what a GGUF file has its layers; `longestText` is of PPO-ptx. */
export function planMemory(
  config: RunConfig,
  model: ModelConfig,
  longestRow: number,
  host: Pick<WeightSource, "blocks"> = {},
  longestText = 0,
): Plan {
  const method = methodOf(config);
  const adapter = config.adapter && adapterFacts(config.adapter, model, method.produces === "reward-model");
  const trainedParameters = adapter?.parameters ?? parametersOf(model);
  const ownOps = native() && hasOwnOps(model) && (adapter?.byOwnOps ?? false);
  const longest = Math.max(longestRow, longestText);
  const keys = longest / 2;
  const passes = method.trainsCritic ? 2 : 1; // actor and critic
  const blockedAttention = native();
  const inBlocks = blockedAttention && !ownOps && longest >= blocksPayFrom;
  const fastest = inBlocks ? "attention" : "none";
  const perToken = passes * bytesPerToken({ model, recompute: fastest, keys, ownOps, blockedAttention });
  const microBatchTokens =
    config.microBatchTokens ??
    Math.min(8192, Math.max(256, Math.floor(activationBudget[ownOps ? "own" : "plain"] / perToken)));
  const atOnce = (rows: number, length: number) => Math.max(Math.min(microBatchTokens, rows * length), length); // a longer row stands alone
  const mix = ptxOf(config);
  const ofTexts = mix ? atOnce(mix.rows, longestText) : 0; // the critic reads none
  const tokens = Math.max(passes * atOnce(method.rowsPerStep(config), longestRow), ofTexts);
  const learnsEntropy = config.method === "ppo" && config.ppo.entropyCoef > 0;
  const work = {
    model,
    dtype: config.adapter === null ? "float32" : config.model.dtype, // copies in bfloat16 are made a matrix at a time
    held: config.model,
    blocks: heldBlocks(model, host, config.model),
    trainedParameters: passes * trainedParameters,
    trainedExperts: passes * (adapter?.ofExperts ?? 0),
    trainedHead: adapter?.trainsHead ? (learnsEntropy ? 2 : 1) * model.vocabSize * model.hiddenSize : 0,
    tokens,
    keys,
    scoresVocabulary: method.produces === "policy",
    comparesVocabulary: config.method === "distill" || adapter?.trainsHead === true,
    evaluates: config.evalEvery !== null,
    answers: config.sampleEvery !== null,
    scoresApart: method.scoresApart(config),
    learnsTexts: mix !== null,
    ownOps,
    blockedAttention,
    scorerParameters: scorerParameters(config),
    referenceParameters:
      teacherParameters(config, model) +
      (config.adapter === null && method.reference !== null ? parametersOf(model) : 0) +
      (method.movesReference(config) || keepsStart(config) ? trainedParameters : 0),
    sampledTokens: ownOps ? method.sampledAtOnce(config) * (longestRow + pageTokens) : 0, // as if no two had a prompt in common
  };
  const plans = waysToCompute(config, inBlocks).map(({ recompute, paged }): Plan => {
    const parts = estimateMemory({ ...work, recompute, optimizer: { ...config.optimizer, paged } });
    return { recompute, paged, microBatchTokens, peak: peakOf(parts), parts };
  });
  const free = 0.8 * process.availableMemory();
  return plans.find(({ peak }) => peak < free) ?? plans.at(-1)!;
}

/** Tokens of a row from which on attention in blocks, which computes its probabilities again, takes no longer than one that keeps them. */
const blocksPayFrom = 1024;

/** The fastest first: what is recomputed, then the optimiser's states in a file, and activations in one as the last resort. */
function waysToCompute(
  { recompute, adapter, optimizer }: RunConfig,
  inBlocks: boolean,
): Pick<Plan, "recompute" | "paged">[] {
  const fastest: Recompute[] = inBlocks ? ["attention"] : ["none", "attention"];
  const inMemory: Recompute[] = recompute !== "auto" ? [recompute] : adapter ? [...fastest, "block"] : fastest;
  const most = inMemory.at(-1)!;
  const onDisk = recompute === "auto" && adapter && native() ? [{ recompute: "disk" as const, paged: true }] : [];
  if (optimizer.paged) return [...inMemory.map((recompute) => ({ recompute, paged: true })), ...onDisk];
  return [...inMemory.map((recompute) => ({ recompute, paged: false })), { recompute: most, paged: true }, ...onDisk];
}
