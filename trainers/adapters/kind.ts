// A kind of adapter is a folder beside this file, with the value that this describes, and a line in kinds.ts.
import type { Tuner } from "../engine/adapter";
import type { ModelConfig } from "../models/config";

/** A kind of adapter: how it comes from a run's options, and from the adapter_config.json of a folder. */
export interface AdapterKind<Options> {
  /** As adapter_config.json names it; null of the kind that the package `adapters` has and PEFT has not. */
  peftType: string | null;
  fromOptions(options: Options, model: ModelConfig): Tuner;
  /** Throws, with the file's name, at what would be applied otherwise than the package applies it that wrote the folder. */
  fromFile(json: Record<string, unknown>, source: string, model: ModelConfig): Tuner;
}
