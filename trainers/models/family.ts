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
  /** Files have the matrices of linear layers as [in, out] (GPT-2's Conv1D). */
  inByOut?: true;
  /** Shapes of a block's other weights, which no adapter changes, by their Hugging Face names in the block, in full. */
  others?(config: ModelConfig): Record<string, number[]>;
  /** Linear layers that no adapter may be on, and why. */
  unadaptable?: Readonly<Record<string, string>>;
  /** How a weight's numbers start in a fresh model, by its full name and its shape, where it is otherwise than in other families. */
  start?(name: string, shape: number[], random: () => number): ((i: number) => number) | undefined;
  /** Of families whose MLP is a mixture of experts. */
  experts?(config: ModelConfig): ExpertNames;
}

/** The weights of a block's mixture, by their Hugging Face names in the block, which end as files have them. Of adapters LoRA alone changes them, and no router. */
export interface ExpertNames {
  /** [experts, d] */
  router: string;
  /** One below the other they are [experts · 2f, d]: gate and up of the first expert, of the second, … */
  gateUp: readonly string[];
  /** One below the other they are [experts · d, f]. */
  down: readonly string[];
  shapes: Record<string, number[]>;
  /** What Transformers 5 calls the three in memory, and in files with `save_original_format=False`: [E, d], [E, 2f, d] and [E, d, f]. */
  fused: { router: string; gateUp: string; down: string };
}

export interface SpecialIds {
  bos: number;
  eos: number;
  pad: number;
}
