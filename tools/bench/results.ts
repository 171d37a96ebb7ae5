// What a benchmark leaves behind: results/PROCESSOR/WORKLOAD.json, so that one kind of machine never stands in for another.
import { join } from "node:path";
import type { Measured } from "./measure";
import type { Workload } from "./workloads";

const folder = "tools/bench/results";

export const resultFolder = (machine: string): string => join(folder, machine.toLowerCase().replaceAll(/\W+/g, "-"));

export interface Result {
  workload: Workload;
  machine: string;
  cores: number;
  /** By the way's id. Rounds of another form of the workload are dropped when a new one is added. */
  rounds: Record<string, Measured>[];
}

/** results/precision.json */
export interface PrecisionResult {
  steps: number;
  runs: {
    learningRate: number;
    seed: number;
    /** Largest relative difference of the loss, of means over ten steps. */
    curve: number;
    /** On held-out rows at the end. */
    accuracy: { float32: number; bfloat16: number };
  }[];
}

/** results/loaders.json: what other programs' loaders make of our exports, by program and file. */
export interface LoadersResult {
  versions: Record<string, string>;
  loads: Record<
    string,
    {
      /** Rows that the loader has, and lines that the file has. */
      rows: number;
      expected: number;
      /** Rows whose texts, decoded from the loader's token ids, hold our prompt and answers to the letter. */
      equal: number;
      /** What it, or a library below it, warned of. */
      warnings: string[];
    }
  >;
}

/** results/interop.json: by model and form, how far another program's log-probabilities of a text's tokens are from ours. */
export interface InteropResult {
  versions: Record<string, string>;
  models: Record<
    string,
    Record<
      string,
      { distance: number /** Of the text; null where the form has no tokenizer. */; sameIds: boolean | null }
    >
  >;
}

/** results/templates.json: chat templates of public models, rendered here and by Transformers. */
export interface TemplatesResult {
  versions: { transformers: string; templates: string[] };
  rows: number;
  /** By name. Of each row twice, without and with a generation prompt: how often the ids are the same, and both refuse it. */
  templates: Record<string, { sha256: string; same: number; refused: number; different: string[] }>;
}

/** results/gguf.json: tiny models of each family in GGUF files, by name. Distances are the largest of a token's log-probability, in nats. */
export interface GgufResult {
  versions: Record<string, string>;
  /** How many texts were tokenised. */
  texts: number;
  families: Record<
    string,
    {
      /** Files that llama.cpp's converter made, read here, from Transformers on the model as it was, by type. */
      read: { sameIds: boolean; distances: Record<string, number> };
      /** Files written here, by type: llama.cpp from us on the same file, and which tensors are the converter's to the byte. */
      written: Record<string, { distance: number; tensors: { same: number; different: string[] } }>;
    }
  >;
}
