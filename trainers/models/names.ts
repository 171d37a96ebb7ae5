// What Transformers calls a model's parts outside the linear layers of its blocks; most families have Llama's names.
import type { FamilyName, ModelConfig } from "./config";

export interface Names {
  model: string;
  embedding: string;
  /** The list of blocks. */
  blocks: string;
  norm: string;
  /** Of the matrix of logits, as files have it. */
  head: string;
  attention: string;
  activation: string;
  /** A norm of the embeddings, before the first block. */
  embeddingNorm?: string;
  /** Learned embeddings of positions. */
  positions?: string;
}

const llama: Names = {
  model: "model",
  embedding: "model.embed_tokens",
  blocks: "model.layers",
  norm: "model.norm",
  head: "lm_head",
  attention: "self_attn",
  activation: "mlp.act_fn",
};
const mamba: Names = {
  model: "backbone",
  embedding: "backbone.embeddings",
  blocks: "backbone.layers",
  norm: "backbone.norm_f",
  head: "lm_head",
  attention: "mixer",
  activation: "mixer.act",
};
const others: Partial<Record<FamilyName, Names>> = {
  gpt_neox: {
    model: "gpt_neox",
    embedding: "gpt_neox.embed_in",
    blocks: "gpt_neox.layers",
    norm: "gpt_neox.final_layer_norm",
    head: "embed_out",
    attention: "attention",
    activation: "mlp.act",
  },
  gpt2: {
    model: "transformer",
    embedding: "transformer.wte",
    blocks: "transformer.h",
    norm: "transformer.ln_f",
    head: "lm_head",
    attention: "attn",
    activation: "mlp.act",
    positions: "transformer.wpe",
  },
  bloom: {
    model: "transformer",
    embedding: "transformer.word_embeddings",
    embeddingNorm: "transformer.word_embeddings_layernorm",
    blocks: "transformer.h",
    norm: "transformer.ln_f",
    head: "lm_head",
    attention: "self_attention",
    activation: "mlp.gelu_impl",
  },
  mamba,
  mamba2: mamba,
};

export const namesOf = ({ family }: Pick<ModelConfig, "family">): Names => others[family] ?? llama;

/** What the names in block `layer` begin with. */
export const blockName = (config: Pick<ModelConfig, "family">, layer: number) => `${namesOf(config).blocks}.${layer}.`;

/** Of the matrix of a linear layer. */
export const linearName = (config: Pick<ModelConfig, "family">, layer: number, linear: string) =>
  `${blockName(config, layer)}${linear}.weight`;
