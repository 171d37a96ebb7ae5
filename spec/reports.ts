// What the trainers' commands report as JSON to who started them.
import type { Message } from "./chat";
import type { Problem } from "./errors";
import type { Recompute } from "./fields/common";

export interface DryRun {
  /** Bytes: the most that this process ever had in memory (VmHWM). */
  peak: number;
  /** Of each step after the first, which also compiles; of a method that samples, of each update. */
  seconds: number[];
  /** Optimiser steps that one of `seconds` stands for. */
  stepsEach: number;
  totalSteps: number;
}

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

export interface PairToScore {
  id: number;
  prompt: Message[];
  first: string;
  second: string;
}

export interface ScoredPair {
  id: number;
  first: number;
  second: number;
}

/** A line of `score-pairs`, and how many pairs are done. */
export interface ScoredPairs {
  scored: ScoredPair[];
  done: number;
}

export interface ModelLook {
  form: "folder" | "gguf";
  /** Of models: llama, qwen2, … */
  family: string;
  parameters: number;
  layers: number;
  /** Most tokens that it was made for, where it says so. */
  context: number | null;
  /** Whether it says how a conversation is written. */
  template: boolean;
}

/** A row as the model will see it, token by token. */
export type SeenRow = { text: string; scored: boolean }[];

export interface Preflight {
  rows: { train: number; heldOut: number };
  /** Tokens of whole rows: median, 95th percentile, longest. */
  tokens: { median: number; p95: number; longest: number };
  /** Rows that reach `data.maxLength`, so that something may have been cut off. */
  atLimit: number;
  duplicates: {
    /** Rows that repeat an earlier one to the last token. */
    exact: number;
    /** Further rows whose answers resemble an earlier row's: at least 0.8 of their five-token pieces are common (MinHash). */
    near: number;
  };
  /** Pairs of which another row has the answers the other way round. */
  contradictions: number;
  /** Pairs whose answers are the same ids. */
  identical: number;
  /** Share of pairs whose chosen answer is the longer one, ties left out; with Wilson's 95 % interval. Null without pairs. */
  chosenLonger: { share: number; interval: [number, number]; pairs: number } | null;
  /** Held-out rows whose prompt is trained on. */
  leaking: number;
  /** Sentences about what should be looked at. */
  warnings: string[];
}

/** What `workbench preflight` and the launch form show. */
export interface PreflightReport extends Preflight {
  /** About lines that were no rows, and rows that did not fit. */
  notes: string[];
  /** The first training rows; a pair is two. */
  examples: SeenRow[][];
  /** What can start and is probably not meant. */
  odd: Problem[];
  /** Bytes at the peak, by what takes them, and what the machine has. */
  memory: Plan & { machine: number };
}

/** What takes memory at the peak, in bytes. */
export interface MemoryParts {
  program: number;
  weights: number;
  /** Values, gradients and moments of what is trained. */
  trained: number;
  /** Scores over the vocabulary. */
  logits: number;
  activations: number;
  /** Held-out rows and answers to the fixed prompts. */
  evaluation: number;
}

export interface Plan {
  recompute: Recompute;
  microBatchTokens: number;
  /** Estimated peak in bytes, and what it is made of. */
  peak: number;
  parts: MemoryParts;
}
