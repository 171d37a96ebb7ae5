// A mixture of experts in place of a block's MLP.
import { type Adapter, layerChange } from "../../engine/adapter";
import { asLowRank } from "../../engine/linear";
import { type Experts, mixture } from "../../engine/mixture";
import { tf } from "../../engine/tensorflow";
import type { ExpertNames } from "../family";
import type { Model } from "../model";

/** What goes on in the block whose names begin with `at`. m [N, d] → [N, d], and the router's probabilities [N, E] */
export function expertMlp(
  m: tf.Tensor2D,
  { config, weights }: Model,
  adapter: Adapter | null,
  names: ExpertNames,
  at: string,
): { value: tf.Tensor2D; probabilities: tf.Tensor2D } {
  const router = weights.stack(`${at}${names.router}`).matrix; // [E, d]
  const probabilities = tf.softmax(tf.matMul(m, router, false, true) as tf.Tensor2D); // in float32, as Transformers has it
  const gateUp = weights.stack(...names.gateUp.map((name) => `${at}${name}`));
  const down = weights.stack(...names.down.map((name) => `${at}${name}`));
  const { fused } = names;
  const updates = asLowRank([fused.gateUp, fused.down].map((name) => layerChange(adapter, `${at}${name}`)));
  if (!updates) throw new Error("experts are changed by low-rank updates alone");
  const experts: Experts = {
    ...{ gateUp: gateUp.matrix, down: down.matrix, trained: gateUp.trained },
    updates: [updates[0]!, updates[1]!],
  };
  return { value: mixture(m, probabilities, experts, config.mixture!, config.activation), probabilities };
}
