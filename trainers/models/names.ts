// What Transformers calls a model's parts outside the linear layers of its blocks; most families have Llama's names.
import type { FamilyName, ModelConfig } from "./config";

interface Names {
  model: string;
  embedding: string;
  norm: string;
  /** Of the matrix of logits, as files have it. */
  head: string;
  attention: string;
  activation: string;
}

const llama: Names = {
  model: "model",
  embedding: "model.embed_tokens",
  norm: "model.norm",
  head: "lm_head",
  attention: "self_attn",
  activation: "mlp.act_fn",
};
const others: Partial<Record<FamilyName, Names>> = {
  gpt_neox: {
    model: "gpt_neox",
    embedding: "gpt_neox.embed_in",
    norm: "gpt_neox.final_layer_norm",
    head: "embed_out",
    attention: "attention",
    activation: "mlp.act",
  },
};

export const namesOf = ({ family }: Pick<ModelConfig, "family">): Names => others[family] ?? llama;

/** What the names in block `layer` begin with. */
export const blockName = (config: Pick<ModelConfig, "family">, layer: number) =>
  `${namesOf(config).model}.layers.${layer}.`;

/** Of the matrix of a linear layer. */
export const linearName = (config: Pick<ModelConfig, "family">, layer: number, linear: string) =>
  `${blockName(config, layer)}${linear}.weight`;
