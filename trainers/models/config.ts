// What is known of a model before its weights are read: its family and its sizes.
import type { ActivationName } from "../engine/activation-names";

export type RopeScaling =
  | { type: "none" }
  | { type: "linear"; factor: number }
  | { type: "llama3"; factor: number; lowFactor: number; highFactor: number; originalContext: number };

/** One for each folder of models/ that is a family. */
export type FamilyName = "llama";

export interface ModelConfig {
  family: FamilyName;
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  rmsEpsilon: number;
  ropeTheta: number;
  ropeScaling: RopeScaling;
  tiedEmbeddings: boolean;
  /** Of the MLP's gate. */
  activation: ActivationName;
  /** Linear layers that add a bias: none in Llama, q, k and v in Qwen2. */
  biases: readonly string[];
}

/** Families name a block's layers alike. */
export const linearName = (layer: number, linear: string) => `model.layers.${layer}.${linear}.weight`;
