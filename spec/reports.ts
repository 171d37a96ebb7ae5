// What the trainers' commands report as JSON to who started them.
import { z } from "zod";
import { type Message, message } from "./chat";
import { problem } from "./errors";
import { recompute } from "./fields/common";
import { packed } from "./packed";

/** A sampled answer with what scores it. */
const scoredAnswer = z.object({
  answer: z.string(),
  /** The weighted sum of the parts, and each before its weight; null where it abstains. */
  score: z.number(),
  parts: z.record(z.string(), z.number().nullable()),
});
export type ScoredAnswer = z.infer<typeof scoredAnswer>;

export const dryRunReport = z.object({
  /** Bytes: the most that this process ever had in memory (VmHWM). */
  peak: z.number(),
  /** Of each step after the first, which also compiles; of a method that samples, of each update. */
  seconds: z.array(z.number()),
  /** Optimiser steps that one of `seconds` stands for. */
  stepsEach: z.number(),
  totalSteps: z.number(),
  /** The first answers that were sampled; none of a method that samples none. */
  scored: z.array(scoredAnswer),
});
export type DryRun = z.infer<typeof dryRunReport>;

const measured = z.object({ mean: z.number(), se: z.number() });

/** A model in one of the types of a GGUF file, measured beside the unrounded one (`float32`), which comes first. */
export const quantisedForm = z.object({
  type: z.string(),
  /** Of all weights. */
  bytes: z.number(),
  /** On the passages of general text. */
  perplexity: z.number(),
  /** KL(unrounded ‖ rounded) a token, in nats, along the unrounded model's own answers. */
  kl: measured,
  /** Share of those tokens at which both would choose the same next. */
  sameTop: z.number(),
  /** Of its own answers; null where the run has neither. */
  gold: measured.nullable(),
  reward: measured.nullable(),
  /** How often its answer scores higher than the unrounded model's to the same prompt; ties count half. */
  winRate: measured.nullable(),
});
export type QuantisedForm = z.infer<typeof quantisedForm>;

export const quantisedReport = z.object({ prompts: z.number(), at: z.number(), forms: z.array(quantisedForm) });
export type QuantisedReport = z.infer<typeof quantisedReport>;

/** Answers to a prompt, with who wrote them. */
export interface WrittenPair {
  prompt: Message[];
  answers: string[];
  source: string;
  /** The model, or the adapter on it. */
  writers: string[];
}

/** A line of `generate-pairs`: what a batch of prompts gave, and how many prompts are done. */
export interface WrittenPairs {
  pairs: WrittenPair[];
  done: number;
  total: number;
}

/** A solution, and the number of its first wrong step. */
export const wrongSolution = z.object({
  id: z.int(),
  prompt: z.array(message),
  solution: z.string(),
  wrongStep: z.int().min(1),
});
export type WrongSolution = z.infer<typeof wrongSolution>;

const oneAnswer = z.tuple([z.object({ role: z.literal("assistant"), content: z.string() })]);
/** A row of Step-DPO (Lai et al. 2024, arXiv 2406.18629): both steps follow the same right ones. */
export const stepPair = z.object({
  prompt: z.array(message),
  initial_reason_steps: z.string(),
  chosen: oneAnswer,
  rejected: oneAnswer,
});
export type StepPair = z.infer<typeof stepPair>;

/** A line of `continue-steps`: the pairs of a batch of solutions, the others with why they have none, and how many are done. */
export const continuedSteps = z.object({
  pairs: z.array(stepPair),
  left: z.array(z.object({ id: z.int(), why: z.string() })),
  done: z.int(),
  total: z.int(),
});
export type ContinuedSteps = z.infer<typeof continuedSteps>;

/** A line of `search-trees`: the pairs of a batch of trees, how many trees have none, and the tokens that were sampled for all of them. */
export const searchedTrees = z.object({
  /** With the probability that the chosen step is the better one. */
  pairs: z.array(stepPair.extend({ p_chosen: z.number() })),
  left: z.int(),
  tokens: z.int(),
  done: z.int(),
  total: z.int(),
});
export type SearchedTrees = z.infer<typeof searchedTrees>;

export interface PairToScore {
  id: number;
  prompt: Message[];
  first: string;
  second: string;
}

const scoredPair = z.object({ id: z.int(), first: z.number(), second: z.number() });
export type ScoredPair = z.infer<typeof scoredPair>;

/** A pair without scores, and why. */
const pairLeft = z.object({ id: z.int(), why: z.string() });
export type PairLeft = z.infer<typeof pairLeft>;

/** A line of `score-pairs`. */
export const scoredPairs = z.object({ scored: z.array(scoredPair), left: z.array(pairLeft) });
export type ScoredPairs = z.infer<typeof scoredPairs>;

/** A line of `score-texts`: what a reward model says of a document, or why it says nothing. */
export const scoredText = z.object({ id: z.string(), score: z.number().nullable(), problem: z.string() });
export type ScoredText = z.infer<typeof scoredText>;

export const modelLook = z.object({
  form: z.enum(["folder", "gguf"]),
  /** Of models: llama, qwen2, … */
  family: z.string(),
  parameters: z.number(),
  /** Those that a token meets, where it goes to some experts of a mixture. */
  active: z.number().optional(),
  layers: z.number(),
  /** Most tokens that it was made for, where it says so. */
  context: z.number().nullable(),
  /** Whether it says how a conversation is written. */
  template: z.boolean(),
  /** Whether it is a reward model, which scores answers and writes none. */
  scores: z.boolean(),
  /** How its greedy answer begins, where it was tried. */
  says: z.string().optional(),
  /** What it was made of without training, where its model card says so: a source, or the folder of a run. */
  madeOf: z.string().optional(),
  /** The share of its layers' weights that are zero, where it was pruned. */
  sparsity: z.number().optional(),
  /** How it was packed, where it was, and what that did to it. */
  packed: packed.optional(),
});
export type ModelLook = z.infer<typeof modelLook>;

/** A row as the model will see it, token by token. */
const seenToken = { text: z.string(), scored: z.boolean() };
const seenRow = z.array(z.object(seenToken));
export type SeenRow = z.infer<typeof seenRow>;

/** What is wrong with a chat template, at which of its lines where that can be told. */
const templateProblem = z.object({ message: z.string(), line: z.number().nullable() });
export type TemplateProblem = z.infer<typeof templateProblem>;

/** A row in a chat template. Of a pair or a ranking each answer with its prompt is a sequence. */
const renderedRow = z.object({
  /** In its file, from 1 on. */
  line: z.number(),
  /** Why it cannot be rendered; then it has no sequences. */
  problem: z.string().nullable(),
  sequences: z.array(
    z.object({
      /** Which answer it ends with; empty where there is one. */
      answer: z.string(),
      /** Tokens in all, and those that are scored. */
      length: z.number(),
      scored: z.number(),
      /** The first of them. */
      tokens: z.array(z.object({ ...seenToken, special: z.boolean() })),
    }),
  ),
  /** What should be known of it. */
  told: z.array(z.string()),
});
export type RenderedRow = z.infer<typeof renderedRow>;

/** The first rows of a file as a model would learn from them with a chat template. */
export const renderedRows = z.object({ problem: templateProblem.nullable(), rows: z.array(renderedRow) });
export type RenderedRows = z.infer<typeof renderedRows>;

const preflight = z.object({
  rows: z.object({ train: z.number(), heldOut: z.number() }),
  /** Tokens of whole rows: median, 95th percentile, longest. */
  tokens: z.object({ median: z.number(), p95: z.number(), longest: z.number() }),
  /** Rows that reach `data.maxLength`, so that something may have been cut off. */
  atLimit: z.number(),
  duplicates: z.object({
    /** Rows that repeat an earlier one to the last token. */
    exact: z.number(),
    /** Further rows whose answers resemble an earlier row's: at least 0.8 of their five-token pieces are common (MinHash). */
    near: z.number(),
  }),
  /** Pairs of which another row has the answers the other way round. */
  contradictions: z.number(),
  /** Pairs whose answers are the same ids. */
  identical: z.number(),
  /** Share of pairs whose chosen answer is the longer one, ties left out; with Wilson's 95 % interval. Null without pairs. */
  chosenLonger: z
    .object({ share: z.number(), interval: z.tuple([z.number(), z.number()]), pairs: z.number() })
    .nullable(),
  /** Held-out rows whose prompt is trained on. */
  leaking: z.number(),
  /** Sentences about what should be looked at. */
  warnings: z.array(z.string()),
});
export type Preflight = z.infer<typeof preflight>;

/** What takes memory at the peak, in bytes. */
const memoryParts = z.object({
  program: z.number(),
  weights: z.number(),
  /** The frozen copy that is the reference where every weight is trained. */
  reference: z.number(),
  /** Values, gradients and moments of what is trained. */
  trained: z.number(),
  /** Scores over the vocabulary. */
  logits: z.number(),
  activations: z.number(),
  /** Held-out rows and answers to the fixed prompts. */
  evaluation: z.number(),
});
export type MemoryParts = z.infer<typeof memoryParts>;

const plan = z.object({
  recompute,
  /** Whether the optimizer's states lie on disk. */
  paged: z.boolean(),
  microBatchTokens: z.number(),
  /** Estimated peak in bytes, and what it is made of. */
  peak: z.number(),
  parts: memoryParts,
});
export type Plan = z.infer<typeof plan>;

/** What `workbench preflight` and the launch form show. */
export const preflightReport = preflight.extend({
  /** About lines that were no rows, and rows that did not fit. */
  notes: z.array(z.string()),
  /** The first training rows; a pair is two. */
  examples: z.array(z.array(seenRow)),
  /** What can start and is probably not meant. */
  odd: z.array(problem),
  /** Bytes at the peak, by what takes them, and what the machine has. */
  /** Null where another engine trains, whose memory is not known here. */
  memory: plan.extend({ machine: z.number() }).nullable(),
});
export type PreflightReport = z.infer<typeof preflightReport>;
