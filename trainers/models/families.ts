// The families of models, and what is asked of a model's own. How each computes is in transformer.ts. No tfjs in here.
import { z } from "zod";
import { bloom } from "./bloom/bloom";
import type { FamilyName, ModelConfig } from "./config";
import type { ExpertNames, Family } from "./family";
import { parsedFields } from "./fields";
import { gemma2 } from "./gemma2/gemma2";
import { gemma3 } from "./gemma3/gemma3";
import { gptNeox } from "./gpt-neox/gpt-neox";
import { gpt2 } from "./gpt2/gpt2";
import { granite } from "./granite/granite";
import { graniteMoe } from "./granite-moe/granite-moe";
import { llama } from "./llama/llama";
import { mamba } from "./mamba/mamba";
import { mamba2 } from "./mamba2/mamba2";
import { mixtral } from "./mixtral/mixtral";
import { blockName, namesOf } from "./names";
import { olmo2 } from "./olmo2/olmo2";
import { olmoe } from "./olmoe/olmoe";
import { withoutPacking } from "./packing";
import { turnsByLength } from "./parts/rope-frequencies";
import { phi3 } from "./phi3/phi3";
import { qwen3 } from "./qwen3/qwen3";
import { qwen3Moe } from "./qwen3-moe/qwen3-moe";
import { smollm3 } from "./smollm3/smollm3";

const families: Record<FamilyName, Family> = {
  llama,
  qwen3,
  smollm3,
  olmo2,
  phi3,
  granite,
  gemma2,
  gemma3,
  qwen3_moe: qwen3Moe,
  olmoe,
  mixtral,
  granitemoe: graniteMoe,
  mamba,
  mamba2,
  gpt_neox: gptNeox,
  gpt2,
  bloom,
};

export const familyOf = ({ family }: ModelConfig): Family => families[family];

/** Whether the ops of native/ compute its blocks: they know Llama's, without windows, and positions that turn alike in all rows. */
export const hasOwnOps = (config: ModelConfig): boolean =>
  config.family === "llama" && config.windows === undefined && !turnsByLength(config);

/** A config.json by the family that its model_type names. Throws, with the file's name, on what the forward pass would get wrong. */
export function parseModelConfig(json: Record<string, unknown>, source = "config.json"): ModelConfig {
  const { model_type: type } = parsedFields(z.object({ model_type: z.string() }), json, source);
  const family = Object.values(families).find(({ modelTypes }) => modelTypes.includes(type));
  if (family) return family.parseConfig(withoutPacking(json), source);
  const known = Object.values(families).flatMap(({ modelTypes }) => modelTypes.map((name) => `"${name}"`));
  throw new Error(
    `${source} says model_type "${type}"; supported are ${known.slice(0, -1).join(", ")} and ${known.at(-1)}`,
  );
}

/** Shapes of every weight, by its Hugging Face name. Linear layers are [out, in] unless the family has them the other way. */
export function weightShapes(c: ModelConfig): Record<string, number[]> {
  const { vectors, linearShapes, inByOut, others, experts } = familyOf(c);
  const names = namesOf(c);
  const shapes: Record<string, number[]> = { [`${names.embedding}.weight`]: [c.vocabSize, c.hiddenSize] };
  if (c.learnedPositions) shapes[`${names.positions}.weight`] = [c.learnedPositions, c.hiddenSize];
  for (const norm of [names.embeddingNorm ?? [], names.norm].flat()) {
    shapes[`${norm}.weight`] = [c.hiddenSize];
    if (c.normBiases) shapes[`${norm}.bias`] = [c.hiddenSize];
  }
  if (!c.tiedEmbeddings) shapes[`${names.head}.weight`] = [c.vocabSize, c.hiddenSize];
  for (let layer = 0; layer < c.layers; layer++) {
    const at = blockName(c, layer);
    for (const [name, length] of Object.entries(vectors(c))) {
      shapes[`${at}${name}.weight`] = [length];
      if (c.normBiases) shapes[`${at}${name}.bias`] = [length];
    }
    for (const [name, shape] of Object.entries(linearShapes(c))) {
      shapes[`${at}${name}.weight`] = inByOut ? shape.toReversed() : shape;
      if (c.biases.includes(name)) shapes[`${at}${name}.bias`] = [shape[0]];
    }
    for (const [name, shape] of Object.entries({ ...experts?.(c).shapes, ...others?.(c) }))
      shapes[`${at}${name}`] = shape;
  }
  return shapes;
}

/** Of all weights, as numbers of four bytes. */
export const floatBytes = (config: ModelConfig): number =>
  Object.values(weightShapes(config)).reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);

/** Modules of Transformers beside the linear layers, which no adapter may be on. */
export function otherModules(config: ModelConfig): string[] {
  const { model, embedding, embeddingNorm, positions, blocks, norm, head, attention, activation } = namesOf(config);
  const parts = ["", `.${attention}`, ".mlp", `.${activation}`];
  const { vectors, others: weights, experts } = familyOf(config);
  const modules = Object.keys(weights?.(config) ?? {}).map((name) => name.replace(/\.(weight|bias)$/, ""));
  const others = [...Object.keys(vectors(config)), ...modules, ...expertModules(experts?.(config))].map(
    (name) => `.${name}`,
  );
  const inBlocks = Array.from({ length: config.layers }, (_, layer) =>
    [...parts, ...others].map((part) => `${blocks}.${layer}${part}`),
  );
  const ends = [embedding, embeddingNorm ?? [], positions ?? `${model}.rotary_emb`, norm].flat();
  return [head, model, blocks, ...ends, ...inBlocks.flat()];
}

/** What holds the weights of a mixture, by its names in files and in memory. */
const expertModules = (names: ExpertNames | undefined): string[] =>
  names
    ? [...Object.keys(names.shapes), ...Object.values(names.fused)].flatMap((name) => {
        const module = name.replace(/\.weight$/, "");
        return [module, module.slice(0, module.lastIndexOf("."))];
      })
    : [];
