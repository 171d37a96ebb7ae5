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
