// What a run will need at its peak, before it starts: from it the run chooses what to recompute and how many tokens to take at once.
// The constants are measured on Linux with TensorFlow 2.21; memory.test.ts holds the peaks (VmHWM) they were fitted to.

import type { RunConfig } from "../../spec/config";
import type { Recompute } from "../../spec/fields/common";
import { methodOf } from "../../spec/methods/all";
import type { MemoryParts, Plan } from "../../spec/reports";
import { adapterParameters } from "../adapters/kinds";
import type { ModelConfig } from "../models/config";
import { weightShapes } from "../models/families";

const MB = 1e6;
/** Node and the TensorFlow library. */
const startup = 520 * MB;
/** The weights themselves, and what reading them left behind: freed memory is not all given back. */
const loading = 2;
/** Rows of size V that the head holds at once: two chunks' scores, probabilities and the product's scratch space. */
const headRows = 1500;
/** TensorFlow's allocator and the buffers of running ops, over what the tape keeps. */
const overhead = 1.3;
/** What TensorFlow keeps of a compiled program and its buffers; a pass over held-out rows also holds this share of the activations. */
const program = 90 * MB;
const forward = 0.4;

interface Workload {
  model: ModelConfig;
  /** How the frozen matrices are held. */
  dtype: "float32" | "bfloat16";
  trainedParameters: number;
  recompute: Recompute;
  /** Tokens of a micro-batch. */
  tokens: number;
  /** Keys that a token sees on average. */
  keys: number;
  /** Whether answers are scored over the vocabulary; a reward model has a head of its own. */
  scoresVocabulary: boolean;
  /** Whether held-out rows are looked at, and fixed prompts answered, now and then: each is a program of its own. */
  evaluates: boolean;
  answers: boolean;
  /** Whether it samples what it learns from, or scores answers beside its steps (KTO's reference point): a program of its own too. */
  scoresApart?: boolean;
}

/** Bytes that the tape keeps for each token. */
export function bytesPerToken({ model, recompute, keys }: Pick<Workload, "model" | "recompute" | "keys">): number {
  const { hiddenSize: d, intermediateSize: f, layers, heads, kvHeads, headDim } = model;
  const probabilities = heads * keys;
  // residual, normed input and attention output; residual, normed input; q, k, v; gate and up
  const block = 5 * d + (heads + 2 * kvHeads) * headDim + 2 * f;
  const perLayer = { none: block + probabilities, attention: block, block: d }[recompute];
  const passing = { none: 0, attention: 2 * probabilities, block: block + probabilities }[recompute]; // of the layer at hand
  return 4 * (layers * perLayer + passing);
}

const elements = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

export const peakOf = (parts: MemoryParts): number => Object.values(parts).reduce((a, b) => a + b, 0);

/** Resident memory at the peak. */
export function estimateMemory(work: Workload): MemoryParts {
  const { model, dtype, trainedParameters, tokens } = work;
  const sizes = Object.entries(weightShapes(model)).map(([name, shape]) => ({
    size: elements(shape),
    narrow: dtype === "bfloat16" && name.endsWith("_proj.weight"),
  }));
  const weights = sizes.reduce((sum, { size, narrow }) => sum + size * (narrow ? 2 : 4), 0);
  const activations = overhead * tokens * bytesPerToken(work);
  return {
    program: startup,
    weights: loading * weights,
    trained: 4 * 5 * trainedParameters, // value, gradient, two moments, new values
    logits: work.scoresVocabulary ? 4 * headRows * Math.min(model.vocabSize, 1 << 17) : 0,
    activations: activations + (work.scoresApart ? program : 0),
    evaluation: (work.evaluates ? program + forward * activations : 0) + (work.answers ? program : 0),
  };
}

/** Activations of one micro-batch, by default. More tokens at once are hardly faster, fewer leave the cores idle. */
const activationBudget = 1000 * MB;

/** Fills in what the run file leaves open: the fastest way that should fit into the memory that is free now. */
export function planMemory(config: RunConfig, model: ModelConfig, longestRow: number): Plan {
  const trainedParameters = config.adapter
    ? adapterParameters(model, config.adapter)
    : Object.values(weightShapes(model)).reduce((sum, shape) => sum + elements(shape), 0);
  const modes: Recompute[] =
    config.recompute !== "auto"
      ? [config.recompute]
      : config.adapter
        ? ["none", "attention", "block"]
        : ["none", "attention"];
  const keys = longestRow / 2;
  const method = methodOf(config);
  const passes = method.trainsCritic ? 2 : 1; // actor and critic
  const perToken = passes * bytesPerToken({ model, recompute: "none", keys });
  const microBatchTokens =
    config.microBatchTokens ?? Math.min(8192, Math.max(256, Math.floor(activationBudget / perToken)));
  const rows = method.rowsPerStep(config);
  const tokens = passes * Math.max(Math.min(microBatchTokens, rows * longestRow), longestRow); // a longer row stands alone
  const work = {
    model,
    dtype: config.model.dtype,
    trainedParameters: passes * trainedParameters,
    tokens,
    keys,
    scoresVocabulary: method.produces === "policy",
    evaluates: config.evalEvery !== null,
    answers: config.sampleEvery !== null,
    scoresApart: method.scoresApart(config),
  };
  const plans = modes.map((recompute): Plan => {
    const parts = estimateMemory({ ...work, recompute });
    return { recompute, microBatchTokens, peak: peakOf(parts), parts };
  });
  const free = 0.8 * process.availableMemory();
  return plans.find(({ peak }) => peak < free) ?? plans.at(-1)!;
}
