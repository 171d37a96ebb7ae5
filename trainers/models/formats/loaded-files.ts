import type { ModelConfig } from "../config";
import type { ChatTokenizer } from "../tokenizer";
import type { WeightSource } from "./safetensors";

/** What the files of a model hold, whichever format they have. */
export interface LoadedFiles {
  config: ModelConfig;
  host: WeightSource;
  tokenizer: ChatTokenizer;
  /** Hash of the files that hold config and weights. */
  contentHash(): string;
  /** The files that stand beside the weights, by their Hugging Face names. */
  companions(): Record<string, string>;
  /** Sentences for the log: what of the files is not applied, or probably not meant. */
  notes: string[];
}
