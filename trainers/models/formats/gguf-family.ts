// What is known of a family for its GGUF files, and what a file's tensors say of its model beside its keys.
import type { Names } from "../names";

/** What the keys say that all architectures have, as fields of config.json. */
export interface Sizes {
  num_hidden_layers: number;
  hidden_size: number;
  num_attention_heads: number;
  head_dim: number;
}

export interface GgufFamily {
  /** `general.architecture`, which most keys begin with. */
  architecture: string;
  /** What config.json says. */
  modelType: string;
  className: string;
  /** What Transformers calls what is in no block. */
  names: Names;
  /** A block's tensors beside its experts', GGUF's names and Transformers', without the `.weight` or `.bias` that both end with. */
  tensors: Record<string, string>;
  /** Those that end otherwise, whole. */
  otherwise?: Record<string, string>;
  /** The MLP is a mixture of experts. */
  experts?: true;
  /** How many heads there are: as many of keys as of queries, and in all as wide as the embeddings. */
  heads?: "alike";
  /** The head is never the embedding. */
  ownHead?: true;
  /**
   * Rows of q, k and v. pairs: of q and k, the two halves of a head that turn together, which Transformers keeps apart, are neighbours;
   * parts: q of all heads, then k, then v, which Transformers has head by head.
   */
  rows: "same" | "pairs" | "parts";
  /** Whose factors of RoPE's frequencies llama.cpp reads as tensors. */
  ropeFactors?: "llama3" | "longrope";
  /** What norms hold more than Transformers' do. */
  normOffset: 0 | 1;
  /** Keys beside those that all architectures have (without the architecture's name), and fields of config.json for the same. */
  fields: Record<string, string>;
  /** What is so without a key. `turned`: dimensions of a head that positions turn. */
  implied(sizes: Sizes, turned: number): Record<string, unknown>;
  /** Fields that config.json has under another name; null: not at all. */
  renamed?: Record<string, string | null>;
  /** A state space in place of attention and MLP, which other keys speak of. */
  stateSpace?: true;
}

/** Of a file's tensors. */
export interface GgufTensors {
  vocabSize: number;
  /** Whether the head is the embedding. */
  tied: boolean;
  /** Whether all four of attention's projections add one. */
  biases: boolean;
  /** LongRoPE's factors of frequencies up to the old context and beyond it. */
  longRope: { short: number[]; long: number[] } | null;
}
