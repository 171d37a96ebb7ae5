// What is known of a model before its weights are read: its family and its sizes.
import type { ActivationName } from "../engine/activation-names";

export type RopeScaling =
  | { type: "none" }
  | { type: "linear"; factor: number }
  | { type: "llama3"; factor: number; lowFactor: number; highFactor: number; originalContext: number }
  | {
      type: "yarn";
      factor: number;
      betaFast: number;
      betaSlow: number;
      originalContext: number;
      truncate: boolean;
      scale: number;
    }
  | { type: "dynamic"; factor: number; context: number }
  | { type: "longrope"; shortFactors: number[]; longFactors: number[]; originalContext: number; scale: number };

/** How positions turn queries and keys. */
export interface Rope {
  ropeTheta: number;
  ropeScaling: RopeScaling;
}

/** One for each folder of models/ that is a family. */
export type FamilyName =
  | "llama"
  | "qwen3"
  | "smollm3"
  | "olmo2"
  | "phi3"
  | "granite"
  | "gemma2"
  | "gemma3"
  | "gpt_neox"
  | "gpt2"
  | "bloom"
  | "mamba"
  | "mamba2"
  | "qwen3_moe"
  | "olmoe"
  | "mixtral"
  | "granitemoe";

/** A mixture of experts in place of the MLP: a router sends every token to `active` of `experts`, each of the config's intermediateSize. */
export interface Mixture {
  experts: number;
  active: number;
  /** Whether the weights of a token's experts are made to add up to 1. */
  normalised: boolean;
  /** What the loss that balances the experts is multiplied with, where config.json asks for it (output_router_logits); else 0. */
  balance: number;
}

/** A selective state space (Mamba: Gu & Dao 2023, arXiv 2312.00752; Mamba-2: Dao & Gu 2024, arXiv 2405.21060) in place of attention and MLP; its channels are the config's intermediateSize. */
export interface StateSpace {
  /** Numbers that a channel carries from token to token. */
  state: number;
  /** Tokens that the convolution before it sees, the one at hand included. */
  kernel: number;
  /** Of the matrices that make a token's time steps in Mamba. */
  rank?: number;
  /** In Mamba-2: heads of `width` channels have one time step and one rate, groups of heads read and write their states alike. */
  heads?: { count: number; width: number; groups: number };
  convolutionBias: boolean;
}

export interface ModelConfig extends Rope {
  family: FamilyName;
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  /** ε of RMSNorm or LayerNorm. */
  rmsEpsilon: number;
  /** Norms are LayerNorm, with biases, instead of RMSNorm. */
  normBiases?: boolean;
  /** The MLP reads the block's input, beside attention (GPT-NeoX). */
  parallelResidual?: boolean;
  tiedEmbeddings: boolean;
  /** Of the MLP's gate. */
  activation: ActivationName;
  mixture?: Mixture;
  stateSpace?: StateSpace;
  /** Linear layers that add a bias: none in Llama, q, k and v in Qwen2. */
  biases: readonly string[];
  /** How far back each layer sees: this many tokens, the one at hand included; null is all of them. Absent: all layers see all. */
  windows?: readonly (number | null)[];
  /** What attention's scores are multiplied with; absent: 1/√headDim. */
  attentionScale?: number;
  /** Caps c: attention's scores or logits s become c · tanh(s / c). */
  attentionSoftCap?: number;
  logitSoftCap?: number;
  /** What logits are divided by. */
  logitDivisor?: number;
  /** What embeddings, and what a block adds to its input, are multiplied with. */
  embeddingScale?: number;
  residualScale?: number;
  /** How many of a head's dimensions turn; absent: all. */
  rotaryDims?: number;
  /** Positions are embeddings, learned for this many tokens: a longer sequence cannot be computed. */
  learnedPositions?: number;
  /** Scores of attention fall with a key's distance (parts/alibi.ts). */
  alibi?: boolean;
  /** Layers whose queries and keys no position turns (NoPE, ALiBi, or positions that are embeddings). */
  unturnedLayers?: readonly number[];
  /** How positions turn in layers with a window, where they turn otherwise than in the rest. */
  localRope?: Rope;
}
