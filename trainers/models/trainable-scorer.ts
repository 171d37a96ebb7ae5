// A model with a head that scores, of which every weight is trained: what PPO's critic is where the policy has no adapter, as in TRL.
import { isWholeModel } from "../../common/whole-model";
import type { Variables } from "../engine/gradients";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import type { WeightSource } from "./formats/safetensors";
import { headName } from "./head-name";
import type { Model } from "./model";
import { namesOf } from "./names";
import { scaledHead } from "./score-head";
import { openScorer } from "./scorer";
import { rewardModelPath, scorerConfig } from "./scorer-config";
import { trainableWeights } from "./weights";

export interface TrainableScorer {
  model: Model;
  head: tf.Variable<tf.Rank.R2>; // [1, d]
  /** The head among them. */
  variables: Variables;
}

/** The first of these reward models whose every weight was trained and that is of the model's own size, as a folder. */
export const scorerOfSize = (sources: string[], config: ModelConfig): string | undefined =>
  sources.map(rewardModelPath).find((path) => isWholeModel(path) && sameShape(scorerConfig(path), config));

const sameShape = (a: ModelConfig, b: ModelConfig) =>
  a.hiddenSize === b.hiddenSize && a.layers === b.layers && a.vocabSize === b.vocabSize;

/** From a reward model of `scorerOfSize`, scaled as `scaledHead` says; without one from the policy's weights in `start`, with a head of 0. */
export function trainableScorer(
  policy: Model,
  start: WeightSource,
  folder: string | undefined,
  normalize: boolean,
): TrainableScorer {
  const source = folder === undefined ? null : openScorer(folder);
  // A scorer has no output head of its own, and uses none: the policy's stands there, untrained.
  const host: WeightSource = { get: (name) => source?.weights.get(name) ?? start.get(name) };
  const { weights, variables } = trainableWeights(policy.config, host, policy.weights.dtype);
  const zeros = tf.zeros<tf.Rank.R2>([1, policy.config.hiddenSize]);
  const head = tf.variable(source ? scaledHead(source.head, folder!, normalize) : zeros) as tf.Variable<tf.Rank.R2>;
  const scored = [...variables].filter(([name]) => name !== `${namesOf(policy.config).head}.weight`);
  return { model: { ...policy, weights }, head, variables: new Map([...scored, [headName, head as tf.Variable]]) };
}
