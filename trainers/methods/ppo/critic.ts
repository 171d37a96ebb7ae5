// The critic of PPO: an adapter of its own on the policy's base, and a head that turns a state into a value.
import type { PpoConfig } from "../../../spec/methods/ppo";
import { readAdapter } from "../../adapters/files";
import { createAdapter } from "../../adapters/kinds";
import type { Adapter } from "../../engine/adapter";
import type { Variables } from "../../engine/gradients";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { headName } from "../../models/head-name";
import { readHead, readScale } from "../../models/score-head";
import { standsOnPolicyBase } from "../../models/scorer-config";

export interface Critic {
  /** Holds the head too, so that it is saved as one PEFT folder. */
  adapter: Adapter;
  head: tf.Tensor2D; // [1, d]
  /** What it trains, by names that begin with `value.`. */
  variables: Variables;
}

/**
 * A head on the actor's own states, or an adapter of its own: from `ppo.value.init`, else the (first) reward model (Stiennon et al. 2020),
 * else fresh. A fresh head is 0, and so are its values.
 */
export function createCritic({ ppo, adapter, seed }: PpoConfig, model: ModelConfig, actor: Adapter): Critic {
  const zeros = tf.zeros<tf.Rank.R2>([1, model.hiddenSize]);
  if (ppo.value.head === "actor") {
    const head = tf.variable(zeros);
    const weights = new Map([...actor.weights, [headName, head]]);
    return { adapter: { ...actor, weights }, head, variables: new Map([[`value.${headName}`, head as tf.Variable]]) };
  }
  const source = ppo.value.init ?? [ppo.reward.model ?? []].flat().find(standsOnPolicyBase);
  const start = source ? readAdapter(source, model) : createAdapter(model, adapter!, seed + 1);
  const startHead = source ? scaledHead(source, ppo.normalizeReward, model.hiddenSize) : zeros;
  const weights = new Map(
    [...start.weights, [headName, startHead] as const].map(([name, tensor]) => [name, tf.variable(tensor)]),
  );
  return {
    adapter: { ...start, weights },
    head: weights.get(headName) as tf.Variable<tf.Rank.R2>,
    variables: new Map([...weights].map(([name, variable]) => [`value.${name}`, variable as tf.Variable])),
  };
}

/** Where scores are brought to deviation 1, values start on that scale too: else they would begin several times too large. */
function scaledHead(source: string, normalize: boolean, hiddenSize: number): tf.Tensor2D {
  const head = readHead(source, hiddenSize);
  return normalize ? head.div(readScale(source)?.deviation ?? 1) : head;
}
