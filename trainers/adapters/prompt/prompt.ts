// Prompt tuning (Lester et al. 2021, arXiv 2104.08691): learned embeddings of p virtual tokens stand before every sequence.
import { z } from "zod";
import { normalOf } from "../../../common/random";
import type { PromptOptions } from "../../../spec/adapters/prompt";
import { promptEmbeddings, type Tuner } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { namesOf } from "../../models/names";
import type { AdapterKind } from "../kind";
import { parsePeftConfig } from "../peft-config";
import { onlyFields, refuseOtherShape, virtualTokenFields, withoutLayers } from "../virtual-tokens";

const schema = z.object(virtualTokenFields);
const fields = {
  harmless: ["prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs"], // of a start that is over
  only: onlyFields,
};

export const prompt: AdapterKind<PromptOptions> = {
  peftType: "PROMPT_TUNING",
  fromOptions: ({ virtualTokens, start }, model) => promptTuner(virtualTokens, model, start),
  fromFile(json, source, model) {
    const { num_virtual_tokens: count, ...found } = parsePeftConfig(schema, fields, json, source);
    refuseOtherShape(source, found, { token_dim: model.hiddenSize, num_layers: model.layers });
    return promptTuner(count, model);
  },
};

function promptTuner(count: number, model: ModelConfig, start: PromptOptions["start"] = "random"): Tuner {
  const { hiddenSize: d, layers, heads, vocabSize } = model;
  const config = {
    ...{ peft_type: "PROMPT_TUNING", num_virtual_tokens: count, token_dim: d },
    ...{ num_layers: layers, num_attention_heads: heads, prompt_tuning_init: "RANDOM" },
  };
  const scale = scaleWithin(model);
  const tuner: Tuner = {
    ...withoutLayers({ words: "a learned prompt", config, shape: [count, d] }, model),
    fresh(random, base) {
      const normal = normalOf(random);
      const drawn = () => tf.tensor2d(Float32Array.from({ length: count * d }, normal), [count, d]);
      const words = () => Int32Array.from({ length: count }, () => Math.floor(random() * vocabSize));
      const ofVocabulary = () =>
        tf.tidy(() =>
          tf.gather(base.layer(namesOf(model).embedding).matrix(), tf.tensor1d(words(), "int32")).mul(scale),
        );
      return { tuner, weights: new Map([[promptEmbeddings, start === "random" ? drawn() : ofVocabulary()]]) };
    },
    virtualTokens: (weights) => ({ embeddings: weights.get(promptEmbeddings)!.div<tf.Tensor2D>(scale) }),
  };
  return tuner;
}

/** What Transformers' module of embeddings scales its own by, Gemma's: a prompt's are scaled already. */
const scaleWithin = ({ family, embeddingScale = 1 }: ModelConfig): number =>
  family === "gemma2" || family === "gemma3" ? embeddingScale : 1;
