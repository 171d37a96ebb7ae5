// One schema of a run: it is the launch form, the stored JSON, the CLI file and the docs. No tfjs in here: the browser imports it.
// Each method's own options are in options/.
import { z } from "zod";
import type { Problem } from "./errors";
import { advanced, essential, file } from "./options/field";
import { grpo, rloo } from "./options/groups";
import { iterativeDpo } from "./options/iterative";
import * as options from "./options/offline";
import { ppo } from "./options/ppo";

export const linearLayers = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

const model = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe("Model")
    .meta({ ...essential("tiny, smollm2-135m-instruct, a folder in Hugging Face layout or a .gguf file"), ...file }),
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

const adapter = z.strictObject({
  rank: z.int().min(1).max(256).default(16).describe("LoRA rank").meta(advanced("Width of the update of each layer")),
  alpha: z
    .number()
    .positive()
    .default(32)
    .describe("LoRA alpha")
    .meta(advanced("The update is scaled by alpha / rank")),
  dropout: z
    .literal(0)
    .default(0)
    .describe("LoRA dropout")
    .meta(advanced("0: with dropout the policy would differ from its reference at step 0")),
  targets: z
    .union([z.literal("all-linear"), z.array(z.enum(linearLayers)).min(1)])
    .default("all-linear")
    .describe("Adapted layers")
    .meta(advanced("all-linear, or a list of projections")),
  init: z
    .string()
    .min(1)
    .optional()
    .describe("Start from adapter")
    .meta({ ...advanced("A folder in PEFT format"), ...file }),
});

const data = z.strictObject({
  train: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Training data")
    .meta({ ...essential("A .jsonl file, snapshot:ID of ranked pairs, or labelled:ID of an import"), ...file }),
  tokens: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Tokenised rows")
    .meta({ ...advanced("Instead of training data: rows that are token ids already"), ...file }),
  eval: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Held-out data")
    .meta({
      ...advanced("Rows of a file of their own to evaluate on, instead of a share of the training prompts"),
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

const common = {
  configVersion: z
    .literal(configVersion, { error: `this workbench reads version ${configVersion} of run files` })
    .default(configVersion),
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
      ...file,
    }),
  output: z
    .string()
    .min(1)
    .describe("Output folder")
    .meta(advanced("Checkpoints, the adapter in PEFT format, run.json as resolved, metrics.ndjson")),
};

const reference = z
  .string()
  .min(1)
  .default("base")
  .describe("Reference")
  .meta({
    ...advanced("base: adapters off; initial: the adapter as it was at the start; or an adapter's folder"),
    ...file,
  });

/** The block of a run file that belongs to a method. */
const blockOf = (method: string) => (method === "iterative-dpo" ? "iterativeDpo" : method);

/** Why a field at the top of a run file that another method has is out of place in this one's; null where none has it. */
export function strayField(method: string, field: string): string | null {
  if (field === "reference")
    return method === "iterative-dpo"
      ? "the reference of iterative-dpo is iterativeDpo.reference"
      : "this method has no reference; leave it out";
  const owner = Object.keys(configs).find((other) => blockOf(other) === field);
  return owner && owner !== method ? `belongs to runs of ${owner}, and this one is ${method}` : null;
}

/** Words for the fields that a method does not have, one a line. */
const strayFields = (method: string) => ({
  error: (issue: z.core.$ZodRawIssue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => strayField(method, key) ?? "unknown field").join("\n")
      : undefined,
});

/** A run by its method. */
export const configs = {
  sft: z.strictObject({ method: z.literal("sft"), ...common, sft: options.sft.prefault({}) }, strayFields("sft")),
  reward: z.strictObject(
    { method: z.literal("reward"), ...common, reward: options.reward.prefault({}) },
    strayFields("reward"),
  ),
  dpo: z.strictObject(
    { method: z.literal("dpo"), ...common, reference, dpo: options.dpo.prefault({}) },
    strayFields("dpo"),
  ),
  listwise: z.strictObject(
    {
      method: z.literal("listwise"),
      ...common,
      reference,
      listwise: options.listwise.prefault({}),
    },
    strayFields("listwise"),
  ),
  simpo: z.strictObject(
    { method: z.literal("simpo"), ...common, simpo: options.simpo.prefault({}) },
    strayFields("simpo"),
  ),
  cpo: z.strictObject({ method: z.literal("cpo"), ...common, cpo: options.cpo.prefault({}) }, strayFields("cpo")),
  orpo: z.strictObject({ method: z.literal("orpo"), ...common, orpo: options.orpo.prefault({}) }, strayFields("orpo")),
  ppo: z.strictObject({ method: z.literal("ppo"), ...common, reference, ppo: ppo.prefault({}) }, strayFields("ppo")),
  rloo: z.strictObject(
    { method: z.literal("rloo"), ...common, reference, rloo: rloo.prefault({}) },
    strayFields("rloo"),
  ),
  grpo: z.strictObject(
    { method: z.literal("grpo"), ...common, reference, grpo: grpo.prefault({}) },
    strayFields("grpo"),
  ),
  "iterative-dpo": z.strictObject(
    {
      method: z.literal("iterative-dpo"),
      ...common,
      iterativeDpo: iterativeDpo.prefault({}),
    },
    strayFields("iterative-dpo"),
  ),
  kto: z.strictObject(
    { method: z.literal("kto"), ...common, reference, kto: options.kto.prefault({}) },
    strayFields("kto"),
  ),
};

/** Whether a method learns from answers that it samples itself. */
export const samples = ({ method }: { method: string }): boolean =>
  ["ppo", "rloo", "grpo", "iterative-dpo"].includes(method);

/** A run as its file gives it: `data.train` and `data.tokens` exclude each other; a method with a reference trains an adapter. */
export const runConfig = z
  .discriminatedUnion("method", [
    configs.sft,
    configs.reward,
    configs.dpo,
    configs.listwise,
    configs.simpo,
    configs.cpo,
    configs.orpo,
    configs.kto,
    configs.ppo,
    configs.rloo,
    configs.grpo,
    configs["iterative-dpo"],
  ])
  .superRefine((run, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    const replayed = run.method === "ppo" && run.ppo.replay !== null;
    if (replayed ? run.data.train !== null : (run.data.train === null) === (run.data.tokens === null))
      issue(["data", "train"], replayed ? "a replay brings its own prompts" : "give either data.train or data.tokens");
    const { heldOut, tokens, eval: heldOutFile } = run.data;
    if (heldOut > 0 && (tokens !== null || replayed))
      issue(["data", "heldOut"], "rows that are token ids are all trained on: set it to 0");
    if (heldOut > 0 && heldOutFile !== null)
      issue(["data", "heldOut"], "data.eval brings the held-out rows: set it to 0, or leave data.eval empty");
    if (samples(run) && run.data.tokens !== null)
      issue(["data", "tokens"], "this method samples its answers: give prompts as data.train");
    if (("reference" in run || run.method === "iterative-dpo") && run.adapter === null)
      issue(
        ["adapter"],
        `${run.method.toUpperCase()} needs an adapter: its reference is the base with the adapter off`,
      );
    if ("reference" in run && run.reference === "initial" && run.adapter?.init === undefined)
      issue(["reference"], 'reference "initial" needs adapter.init; a fresh adapter is the base itself');
    if (run.method === "reward" && run.sampleEvery !== null)
      issue(["sampleEvery"], "a reward model scores answers and gives none: leave it empty");
    if (run.method === "sft" && run.sft.fromScratch && run.adapter !== null)
      issue(["adapter"], "random weights are trained whole: set adapter to null");
    if (run.adapter === null && run.recompute === "block")
      issue(["recompute"], 'recomputing blocks needs an adapter; use "attention" to train every weight');
    if (run.adapter === null && run.model.dtype === "bfloat16")
      issue(["model", "dtype"], "training every weight needs float32");
  });

export type RunConfig = z.infer<typeof runConfig>;
export type SftConfig = z.infer<typeof configs.sft>;
export type RewardConfig = z.infer<typeof configs.reward>;
export type DpoConfig = z.infer<typeof configs.dpo>;
export type ListwiseConfig = z.infer<typeof configs.listwise>;
export type SimpoConfig = z.infer<typeof configs.simpo>;
export type CpoConfig = z.infer<typeof configs.cpo>;
export type OrpoConfig = z.infer<typeof configs.orpo>;
export type PpoConfig = z.infer<typeof configs.ppo>;
export type RlooConfig = z.infer<typeof configs.rloo>;
export type GrpoConfig = z.infer<typeof configs.grpo>;
export type IterativeDpoConfig = z.infer<(typeof configs)["iterative-dpo"]>;
export type KtoConfig = z.infer<typeof configs.kto>;
export type AdapterConfig = z.infer<typeof adapter>;
export type OptimizerConfig = z.infer<typeof optimizer>;
export type Method = RunConfig["method"];

/** What `workbench generate` reads. */
export const generateConfig = z.strictObject({
  model,
  adapter: z.string().min(1).nullable().default(null),
  /** Who writes the second answer of each pair: null is the same policy, "base" the model without an adapter, else an adapter's folder. */
  against: z.string().min(1).nullable().default(null),
  prompts: z.string().min(1),
  samples: z.int().min(1).max(64).default(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  topK: z.int().min(1).nullable().default(null),
  topP: z.number().gt(0).max(1).nullable().default(null),
  batchSize: z.int().min(1).max(256).default(16),
  seed: z.int().min(0).default(0),
});
export type GenerateConfig = z.infer<typeof generateConfig>;

/** What `workbench chat` reads: a conversation that each adapter is to go on, null being the base alone. */
export const chatConfig = z.strictObject({
  model,
  adapters: z.array(z.string().min(1).nullable()).min(1).max(4),
  messages: z.array(z.strictObject({ role: z.string().min(1), content: z.string().min(1) })).min(1),
  maxNewTokens: z.int().min(1).max(4096).default(128),
  temperature: z.number().min(0).max(10).default(1),
  seed: z.int().min(0).default(0),
});
export type ChatConfig = z.infer<typeof chatConfig>;

/** Every problem of a file, each at its field's path; a stray field has one of its own. */
export function problemList({ issues }: z.ZodError): Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    const words = path === "" ? issue.message.split("\n") : []; // strayFields; a nested block has no words of its own
    return issue.keys.map((key, i) => ({ path: path ? `${path}.${key}` : key, message: words[i] ?? "unknown field" }));
  });
}

/** The same as `path: message`, one a line. */
export const problems = (error: z.ZodError): string[] =>
  problemList(error).map(({ path, message }) => `${path || "file"}: ${message}`);
