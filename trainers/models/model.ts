// A model that computes. B rows, T tokens, S keys, d hidden, H heads, G key/value heads, D head width.
import type { Recompute } from "../../spec/fields/common";
import type { Adapter, Past } from "../engine/adapter";
import type { FrozenMatrix, Int8 } from "../engine/linear";
import type { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";

export interface Weights {
  embedding: tf.Tensor2D; // [V, d]
  head: tf.Tensor2D | Int8; // [V, d], the embedding itself where they are tied and it is not in 8 bits
  /** Learned embeddings of positions, where the model has them. */
  positions?: tf.Tensor2D; // [P, d]
  /** How frozen matrices are held and multiplied. */
  dtype: "float32" | "bfloat16";
  vector(name: string): tf.Tensor1D;
  /** The matrix of linear layers that read the same input, one below the other; frozen ones must be a group of the family's `linearGroups`. */
  matrix(...names: string[]): FrozenMatrix | tf.Tensor2D;
  /** Weights that are no linear layers, one below the other: a mixture's router, or one of its stacks of experts, frozen ones in `dtype`. */
  stack(...names: string[]): { matrix: tf.Tensor2D; trained: boolean };
}

export interface Model {
  config: ModelConfig;
  weights: Weights;
  /** What a backward pass computes again instead of keeping: nothing, the attention's probabilities, or every block whole. */
  recompute: Recompute;
  /** Never by the ops of native/: it is to round as a model does whose every weight is trained. */
  plain?: boolean;
  /** While somebody asks: where passes of `adapter` leave what their routers did. */
  routing?: { adapter: Adapter | null; passes: Routes[] };
}

/** What the routers of a mixture of experts did in a pass. */
export interface Routes {
  /** Their probabilities of every token, layer by layer, [N, E]. */
  layers: tf.Tensor2D[];
  /** How many sequences a token stands in, 0 for padding. [N] */
  tokens: tf.Tensor1D;
}

export interface Sequence {
  ids: tf.Tensor2D; // [B, T] int32
  positions: tf.Tensor2D; // [B, T] int32
  /** Tokens of each row, by which LongRoPE and dynamic NTK turn and after which a state stays as it is; absent where no padding follows them. */
  lengths?: tf.Tensor1D; // [B]
  /** Embeddings instead of those of `ids`. */
  embedded?: tf.Tensor2D; // [B·T, d]
  /** Some of the blocks alone, on what those before them made (`embedded`, where the first is not among them), without the norm after the last. */
  blocks?: { from: number; to: number };
  /** What stands before every row, layer by layer: positions count on from there. `Attend` puts it before the keys. */
  past?: Past[];
  /** Of state-space models: what each layer carries over from the tokens before; absent: these are the first. */
  carried?: LayerState[];
  /** Where what each layer carries on to later tokens is to go. */
  left?: LayerState[];
  /** Where the routers' probabilities of every token are to go, layer by layer, [N, E]. */
  routes?: tf.Tensor2D[];
}

/** What a layer of a state-space model knows of a row's tokens, however many they are. I channels. */
export type LayerState = {
  /** Of the last tokens, as many as the convolution sees beside the one at hand. [B, K − 1, I] */
  inputs: tf.Tensor3D;
  /** [B, I, N] */
  state: tf.Tensor;
};

/** Rows of a batch one after the other without padding: a prompt and the answers to it, then the next. */
export interface PackedSequence {
  ids: tf.Tensor1D; // [N] int32
  positions: tf.Tensor1D; // [N] int32
  /** Tokens of each prompt, and of each answer to it: these see the prompt and themselves. */
  lengths: tf.Tensor2D; // [B, 1 + n] int32
}

/** Mixes values by attention in one layer: q [B, H, T, D], k and v [B, G, T, D] of the new tokens → [B, H, T, D]. With ALiBi q and k have one dimension more. */
export type Attend = (layer: number, q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D) => tf.Tensor4D;
