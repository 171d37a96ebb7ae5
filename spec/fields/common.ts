// The fields that runs of every method have. No tfjs in here: the browser imports it.
import { z } from "zod";
import { adapter } from "../adapters/adapters";
import { advanced, essential, file, folderOf, runFileOnly } from "../field-meta";
import { trainData } from "./data-sources";
import { distributed } from "./distributed";
import { trainedModel } from "./model";
import { optimizer } from "./optimizer";

export const recompute = z.enum(["none", "attention", "block", "disk"]);
export type Recompute = z.infer<typeof recompute>;

const data = z.strictObject({
  train: trainData
    .nullable()
    .default(null)
    .describe("Training data")
    .meta({
      ...runFileOnly(
        "A file of rows, dataset:NAME, snapshot:ID of ranked pairs, or labelled:ID of an import; or a list of these, each with its weight",
      ),
      ...file,
    }),
  tokens: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Tokenized rows")
    .meta({ ...runFileOnly("Instead of training data: rows that are token ids already"), ...file }),
  eval: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Evaluation data")
    .meta({
      ...runFileOnly("A file or dataset of rows to evaluate on, instead of a held-out share of the training prompts"),
      ...file,
    }),
  maxRows: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("Row limit")
    .meta(advanced("Only the first so many rows of each training set are read. Empty: all")),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("Held-out share")
    .meta(
      essential(
        "Share of the prompts that is never trained on, the same ones in every run; evaluations and evaluation prompts come from it. 0.1 is usual",
      ),
    ),
  splitColumn: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Split column")
    .meta(
      advanced(
        "Column that says of each row whether it is train, or test, validation, valid, dev or eval, which are held out. Empty: the file has no split of its own",
      ),
    ),
  order: z
    .enum(["shuffled", "sequential"])
    .default("shuffled")
    .describe("Row order")
    .meta(advanced("Shuffled by the seed in every epoch, or in file order")),
  maxLength: z
    .int()
    .min(8)
    .max(8192)
    .default(1024)
    .describe("Max length")
    .meta(essential("Tokens of prompt and answer together; longer rows are truncated on the right")),
});

const interval = z.int().positive().nullable().default(null);

/** Rises when a field comes to mean something else: stored-config.ts reads the older ones. */
export const configVersion = 2;

export const common = {
  configVersion: z
    .literal(configVersion, { error: `this workbench reads version ${configVersion} of run files` })
    .default(configVersion),
  engine: z
    .string()
    .default("workbench")
    .describe("Engine")
    .meta({
      ...advanced(
        "The program that trains: the workbench's own, or TRL in Python, which is installed when it is first used (6 GB); it has SFT, DPO, KTO, GRPO and reward models",
      ),
      choices: ["workbench", "trl"], // spec/engines.ts
    }),
  distributed: distributed.prefault({}),
  machine: z
    .string()
    .min(1)
    .max(80)
    .nullable()
    .default(null)
    .describe("Machine")
    .meta(
      advanced(
        "Where it is trained: the name of a machine under Settings, Machines. Empty: the one that the workbench runs on",
      ),
    ),
  model: trainedModel,
  adapter: adapter.nullable().prefault({}),
  data: data.prefault({}),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .describe("Seed")
    .meta(advanced("The same seed gives the same run")),
  batchSize: z.int().min(1).max(512).default(4).describe("Batch size").meta(essential("Rows per forward pass")),
  gradientAccumulationSteps: z
    .int()
    .min(1)
    .max(512)
    .default(1)
    .describe("Gradient accumulation steps")
    .meta({ ...advanced("Batches per optimizer step"), formerly: ["gradientAccumulation"] }),
  microBatchTokens: z
    .int()
    .min(1)
    .max(1 << 20)
    .nullable()
    .default(null)
    .describe("Tokens per micro-batch")
    .meta(
      advanced(
        "A step is computed in micro-batches of at most this many tokens: less memory, the same gradient. Empty: chosen by the size of the model",
      ),
    ),
  stopOnAlert: z
    .boolean()
    .default(false)
    .describe("Stop on alert")
    .meta(
      advanced(
        "Save a checkpoint and stop at the first alert (far from the reference, collapsed entropy, reward over-optimization, …)",
      ),
    ),
  onSpike: z
    .enum(["continue", "rollback"])
    .default("continue")
    .describe("On a gradient spike")
    .meta(
      advanced(
        "rollback: a batch whose gradient norm is ten times the usual and five times any of the last fifty is left out, and after three in a row the run goes back to its newest checkpoint and on with the rows after them; the log names the rows",
      ),
    ),
  recompute: z
    .enum(["auto", ...recompute.options])
    .default("auto")
    .describe("Recompute activations")
    .meta(
      advanced(
        "What the backward pass recomputes instead of storing (gradient checkpointing): none is fastest, attention saves memory, block (whole layers) saves more; disk is block with the layers' inputs in a file of the run's folder, for rows of many thousand tokens. auto: the first that fits",
      ),
    ),
  epochs: z
    .number()
    .positive()
    .default(1)
    .describe("Epochs")
    .meta(essential("Passes over the data, unless max steps is set")),
  maxSteps: interval.describe("Max steps").meta(essential("Optimizer steps; overrides epochs")),
  optimizer: optimizer.prefault({}),
  logEvery: z.int().positive().default(1).describe("Logging steps").meta(advanced("Steps between two logged points")),
  evalEvery: interval
    .describe("Evaluation steps")
    .meta(advanced("Steps between two evaluations on the held-out rows (data.heldOut or data.eval)")),
  saveEvery: interval
    .describe("Save steps")
    .meta(advanced("Steps between two checkpoints; the last step is always saved")),
  saveTotalLimit: interval
    .describe("Save total limit")
    .meta(advanced("Checkpoints that are kept, the newest ones; older ones are deleted. Null: all")),
  sampleEvery: interval
    .describe("Sampling interval")
    .meta(
      advanced(
        "Steps between two rounds of sample completions for the evaluation prompts, on which the on-policy KL is measured",
      ),
    ),
  samplePrompts: z
    .int()
    .min(1)
    .max(512)
    .default(8)
    .describe("Evaluation prompts")
    .meta(advanced("How many held-out prompts get a sample completion each time")),
  sampleLength: z
    .int()
    .min(1)
    .max(1024)
    .default(48)
    .describe("Sample length")
    .meta(advanced("Max tokens of a sample completion")),
  sampleReward: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("Score samples with")
    .meta({
      ...advanced("Output of a reward run that scores the sample completions. Empty: the run's own reward"),
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
  .describe("Reference policy")
  .meta({
    ...advanced(
      "base: the model with its adapter off; initial: the adapter at the start of the run; or an adapter's folder",
    ),
    ...file,
  });

/** What every run has, whatever its method. */
export type CommonConfig = { [Field in keyof typeof common]: z.output<(typeof common)[Field]> };
