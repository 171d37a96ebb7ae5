// The fields that runs of every method have. No tfjs in here: the browser imports it.
import { z } from "zod";
import { adapter } from "../adapters/adapters";
import { advanced, essential, file, folderOf, runFileOnly } from "../field-meta";
import { bundledModels } from "../models";

export const model = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe("Model")
    .meta({
      ...essential(
        `${bundledModels.map(({ name }) => name).join(", ")}, a folder in Hugging Face layout or a .gguf file`,
      ),
      ...file,
    }),
  dtype: z
    .enum(["float32", "bfloat16"])
    .default("float32")
    .describe("Base precision")
    .meta(
      advanced(
        "bfloat16 halves the frozen base; whether it is also faster depends on the processor. The rest is always float32",
      ),
    ),
});

export const recompute = z.enum(["none", "attention", "block"]);
export type Recompute = z.infer<typeof recompute>;

const data = z.strictObject({
  train: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Training data")
    .meta({ ...runFileOnly("A .jsonl file, snapshot:ID of ranked pairs, or labelled:ID of an import"), ...file }),
  tokens: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Tokenised rows")
    .meta({ ...runFileOnly("Instead of training data: rows that are token ids already"), ...file }),
  eval: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Held-out data")
    .meta({
      ...runFileOnly("Rows of a file of their own to evaluate on, instead of a share of the training prompts"),
      ...file,
    }),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("Held-out share")
    .meta(
      essential(
        "Share of the prompts that is never trained on, the same ones in every run: evaluations and fixed prompts are taken from it. 0.1 is usual",
      ),
    ),
  order: z
    .enum(["shuffled", "sequential"])
    .default("shuffled")
    .describe("Row order")
    .meta(advanced("Shuffled by seed, anew each epoch; or file order")),
  maxLength: z
    .int()
    .min(8)
    .max(8192)
    .default(1024)
    .describe("Longest row")
    .meta(essential("Tokens of prompt and answer; longer rows are cut on the right")),
});

const optimizer = z.strictObject({
  name: z
    .enum(["adamw", "sgd"])
    .default("adamw")
    .describe("Optimiser")
    .meta(advanced("AdamW as in PyTorch, or plain SGD")),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(5e-6)
    .describe("Learning rate")
    .meta(essential("The highest, after warm-up")),
  beta1: z.number().min(0).lt(1).default(0.9).describe("Adam β₁").meta(advanced("Decay of the gradient's mean")),
  beta2: z.number().min(0).lt(1).default(0.999).describe("Adam β₂").meta(advanced("Decay of the gradient's square")),
  epsilon: z
    .number()
    .positive()
    .default(1e-8)
    .describe("Adam ε")
    .meta(advanced("Added to the root of the second moment")),
  weightDecay: z.number().min(0).default(0).describe("Weight decay").meta(advanced("Decoupled, as in AdamW")),
  maxGradNorm: z
    .number()
    .min(0)
    .nullable()
    .default(1)
    .describe("Gradient clip")
    .meta(advanced("Largest global L2 norm of the gradient. Empty or 0: gradients stay as they are")),
  schedule: z
    .enum(["constant", "linear", "cosine"])
    .default("linear")
    .describe("Schedule")
    .meta(advanced("How the learning rate falls to 0 over the run")),
  warmupRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Warm-up")
    .meta(advanced("Share of the steps over which the learning rate rises")),
});

const interval = z.int().positive().nullable().default(null);

/** Rises when a field comes to mean something else: stored-config.ts reads the older ones. */
export const configVersion = 2;

export const common = {
  configVersion: z
    .literal(configVersion, { error: `this workbench reads version ${configVersion} of run files` })
    .default(configVersion),
  engine: z.string().default("workbench").describe("Engine").meta(runFileOnly("The program that trains")),
  model,
  adapter: adapter.nullable().prefault({}),
  data: data.prefault({}),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("Seed")
    .meta(advanced("The same seed gives the same run")),
  batchSize: z.int().min(1).max(512).default(4).describe("Batch").meta(essential("Rows per forward pass")),
  gradientAccumulation: z
    .int()
    .min(1)
    .max(512)
    .default(1)
    .describe("Accumulation")
    .meta(advanced("Batches per optimiser step")),
  microBatchTokens: z
    .int()
    .min(1)
    .max(1 << 20)
    .nullable()
    .default(null)
    .describe("Tokens at once")
    .meta(
      advanced(
        "A step is computed in parts of at most this many tokens: less memory, the same gradient. Empty: by the model's size",
      ),
    ),
  stopOnAlert: z
    .boolean()
    .default(false)
    .describe("Stop on an alert")
    .meta(
      advanced(
        "Save and stop at the first alert (far from the reference, collapsed entropy, over-optimisation, …) instead of going on",
      ),
    ),
  recompute: z
    .enum(["auto", ...recompute.options])
    .default("auto")
    .describe("Recompute")
    .meta(
      advanced(
        "What the backward pass computes again instead of keeping: none is fastest, attention saves memory, block (whole layers) most. auto: the first that fits",
      ),
    ),
  epochs: z
    .number()
    .positive()
    .default(1)
    .describe("Epochs")
    .meta(essential("Passes over the data, unless a step limit is set")),
  maxSteps: interval.describe("Step limit").meta(essential("Optimiser steps; wins over epochs")),
  optimizer: optimizer.prefault({}),
  logEvery: z.int().positive().default(1).describe("Log every").meta(advanced("Steps between two points of a curve")),
  evalEvery: interval
    .describe("Evaluate every")
    .meta(advanced("Steps between two passes over the held-out rows; which these are, data.heldOut and data.eval say")),
  saveEvery: interval
    .describe("Save every")
    .meta(advanced("Steps between two checkpoints; the last step is always saved")),
  sampleEvery: interval
    .describe("Answer every")
    .meta(advanced("Steps between two rounds of answers to the fixed prompts, from which the on-policy KL is read")),
  samplePrompts: z
    .int()
    .min(1)
    .max(512)
    .default(8)
    .describe("Fixed prompts")
    .meta(advanced("How many held-out prompts are answered each time")),
  sampleLength: z
    .int()
    .min(1)
    .max(1024)
    .default(48)
    .describe("Answer length")
    .meta(advanced("Most tokens of such an answer")),
  sampleReward: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Score answers with")
    .meta({
      ...advanced(
        "A reward run's output: scores the answers to the fixed prompts. Empty: what the run itself learns from",
      ),
      ...folderOf("scorer"),
    }),
  output: z
    .string()
    .min(1)
    .describe("Output folder")
    .meta(runFileOnly("Checkpoints, the adapter in PEFT format, run.json as resolved, metrics.ndjson")),
};

/** Beside the block of a method that has a reference. */
export const reference = z
  .string()
  .min(1)
  .default("base")
  .describe("Reference")
  .meta({
    ...advanced("base: adapters off; initial: the adapter as it was at the start; or an adapter's folder"),
    ...file,
  });

/** What every run has, whatever its method. */
export type CommonConfig = { [Field in keyof typeof common]: z.output<(typeof common)[Field]> };
export type OptimizerConfig = z.infer<typeof optimizer>;
