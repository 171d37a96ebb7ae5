// A reward model that is a model of its own: any family, a tokenizer of its own, and score.weight in the place of the output head.
import type { tf } from "../engine/tensorflow";
import { separateExperts } from "./formats/expert-tensors";
import { checkTensors, openWeightFiles, withModelName } from "./formats/weight-files";
import { headName } from "./head-name";
import type { Model } from "./model";
import { namesOf } from "./names";
import { headFrom } from "./score-head";
import { scorerConfig } from "./scorer-config";
import { type ChatTokenizer, readTokenizer } from "./tokenizer";
import { frozenWeights } from "./weights";

export interface Scorer {
  model: Model;
  head: tf.Tensor2D; // [1, d]
  tokenizer: ChatTokenizer;
}

/** Its weights as the files have them, and its head. */
export function openScorer(folder: string) {
  const config = scorerConfig(folder);
  const weights = separateExperts(config, withModelName(config, openWeightFiles(folder).weights));
  const shapes = new Map([...weights.shapes].filter(([name]) => name !== `${namesOf(config).head}.weight`));
  checkTensors(config, { ...weights, shapes }, folder);
  return { config, weights, head: headFrom(weights.get(headName), config.hiddenSize, folder) };
}

/** With its weights, in float32. */
export function readScorer(folder: string): Scorer {
  const { config, weights, head } = openScorer(folder);
  return {
    model: { config, weights: frozenWeights(config, weights, "float32"), recompute: "none" },
    head,
    tokenizer: readTokenizer(folder),
  };
}
