// Prefix tuning (Li and Liang 2021, arXiv 2101.00190): learned keys and values of p virtual tokens stand before those of every sequence, in each layer.
import { z } from "zod";
import { normalOf } from "../../../common/random";
import type { PrefixOptions } from "../../../spec/adapters/prefix";
import { promptEmbeddings, type Tuner } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { scaleOf } from "../../models/parts/rotary";
import type { AdapterKind } from "../kind";
import { parsePeftConfig } from "../peft-config";
import { onlyFields, refuseOtherShape, virtualTokenFields, withoutLayers } from "../virtual-tokens";

const schema = z.object(virtualTokenFields);
const fields = {
  // PEFT saves what the projection made of its embeddings, so what it was does not matter.
  harmless: ["prefix_projection", "encoder_hidden_size", "init_weights"],
  only: onlyFields,
};

export const prefix: AdapterKind<PrefixOptions> = {
  peftType: "PREFIX_TUNING",
  fromOptions: ({ virtualTokens }, model) => prefixTuner(virtualTokens, model),
  fromFile(json, source, model) {
    const { num_virtual_tokens: count, ...found } = parsePeftConfig(schema, fields, json, source);
    const { kvHeads, headDim, layers } = model;
    refuseOtherShape(source, found, { token_dim: kvHeads * headDim, num_layers: layers, num_attention_heads: kvHeads });
    return prefixTuner(count, model);
  },
};

function prefixTuner(count: number, model: ModelConfig): Tuner {
  const { layers, kvHeads: G, headDim: D } = model;
  if (model.alibi)
    throw new Error(
      `a learned prefix has no positions, by which ${model.family} attends (ALiBi); use a learned prompt or LoRA`,
    );
  const config = {
    ...{ peft_type: "PREFIX_TUNING", num_virtual_tokens: count, token_dim: G * D },
    ...{ num_layers: layers, num_attention_heads: G, encoder_hidden_size: G * D, prefix_projection: false },
  };
  const shape: [number, number] = [count, layers * 2 * G * D];
  const tuner: Tuner = {
    ...withoutLayers({ words: "a learned prefix", config, shape }, model),
    fresh(random) {
      const values = Float32Array.from({ length: shape[0] * shape[1] }, normalOf(random)); // as PEFT's torch.nn.Embedding
      return { tuner, weights: new Map([[promptEmbeddings, tf.tensor2d(values, shape)]]) };
    },
    virtualTokens(weights) {
      const all = weights
        .get(promptEmbeddings)!
        .reshape<tf.Tensor4D>([count, layers * 2, G, D])
        .transpose([1, 2, 0, 3]); // [2L, G, p, D]
      const part = (i: number) => all.slice([i, 0, 0, 0], [1, G, count, D]) as tf.Tensor4D;
      const past = Array.from({ length: layers }, (_, layer) => ({
        keys: part(2 * layer).mul<tf.Tensor4D>(scaleOf(model)), // as turned keys have it
        values: part(2 * layer + 1),
      }));
      return { past };
    },
  };
  return tuner;
}
