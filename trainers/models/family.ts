// What a family of models is before its weights are computed with: a folder beside this file, with the value that this describes, and its
// name in config.ts, families.ts and transformer.ts, which the compiler asks for. No tfjs in here.
import type { ModelConfig } from "./config";

export interface Family {
  /** What config.json calls it. */
  modelTypes: readonly string[];
  /** Throws, with the file's name, on what the forward pass would get wrong. */
  parseConfig(json: Record<string, unknown>, source: string): ModelConfig;
  /** Lengths of a block's vectors beside biases, by their Hugging Face names without `.weight`: its norms. */
  vectors(config: ModelConfig): Record<string, number>;
  /** [out, in] of the linear layers of a block, which adapters change. */
  linearShapes(config: ModelConfig): Record<string, [number, number]>;
  /** Layers of a block that are multiplied as one matrix, since they read the same input. */
  linearGroups: readonly (readonly string[])[];
}

export interface SpecialIds {
  bos: number;
  eos: number;
  pad: number;
}
