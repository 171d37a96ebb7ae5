// The critic of PPO: an adapter of its own on the policy's base, or a model of its own where every weight is trained; a head turns states into values.
import type { PpoConfig } from "../../../spec/methods/ppo";
import { readAdapter } from "../../adapters/files";
import { createAdapter } from "../../adapters/kinds";
import { withoutHead } from "../../adapters/lora/modules-to-save";
import type { Adapter } from "../../engine/adapter";
import type { Variables } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";
import { headName } from "../../models/head-name";
import type { Model } from "../../models/model";
import { readHead, readStepSeparator, scaledHead } from "../../models/score-head";
import { rewardModelPath, standsOnPolicyBase } from "../../models/scorer-config";
import { scorerOfSize, trainableScorer } from "../../models/trainable-scorer";
import type { Context } from "../method";

export interface Critic {
  model: Model;
  /** Holds the head too, so that it is saved as one PEFT folder; null where every weight is trained. */
  adapter: Adapter | null;
  head: tf.Tensor2D; // [1, d]
  /** What it trains, by names that begin with `value.`. */
  variables: Variables;
}

const named = (variables: Map<string, tf.Tensor>): Variables =>
  new Map([...variables].map(([name, one]) => [`value.${name}`, one as tf.Variable]));

/** A head on the actor's states, or an adapter or model of its own: `ppo.value.init`'s, else that of a reward model of whole answers (Stiennon et al. 2020), else fresh. */
export function createCritic({ ppo, adapter, seed }: PpoConfig, context: Omit<Context, "microBatchTokens">): Critic {
  const { model, policy: actor, whole } = context;
  const zeros = tf.zeros<tf.Rank.R2>([1, model.config.hiddenSize]); // of a fresh head, whose values are 0
  if (ppo.value.head === "actor") {
    const head = tf.variable(zeros);
    const withHead = actor && { ...actor, weights: new Map([...actor.weights, [headName, head]]) };
    return { model, adapter: withHead, head, variables: named(new Map([[headName, head]])) };
  }
  const judgesSteps = (source: string) => readStepSeparator(rewardModelPath(source)) !== null;
  if (ppo.value.init && judgesSteps(ppo.value.init))
    throw new Error(`ppo.value.init ${ppo.value.init} judges steps, and values are of whole answers; leave it empty`);
  const scorers = [ppo.reward.model ?? []].flat().filter((source) => !judgesSteps(source));
  const sources = ppo.value.init ? [ppo.value.init] : scorers;
  if (whole) {
    const folder = scorerOfSize(sources, model.config);
    if (ppo.value.init !== null && !folder)
      throw new Error(`ppo.value.init ${ppo.value.init} is no reward model of the policy's own size; leave it empty`);
    const own = trainableScorer(model, whole.start, folder, ppo.normalizeReward);
    return { ...own, adapter: null, variables: named(own.variables) };
  }
  const from = ppo.value.init ?? sources.find(standsOnPolicyBase);
  const start = from
    ? readAdapter(from, model.config)
    : createAdapter(model.config, withoutHead(adapter!), seed + 1, model.weights);
  const startHead = from ? scaledHead(readHead(from, zeros.shape[1]), from, ppo.normalizeReward) : zeros;
  const all = [...start.weights, [headName, startHead] as const];
  const weights = new Map(all.map(([name, tensor]) => [name, tf.variable(tensor)]));
  const head = weights.get(headName) as tf.Variable<tf.Rank.R2>;
  return { model, adapter: { ...start, weights }, head, variables: named(weights) };
}
