// A mixture of experts in place of a block's MLP.
import { mixture } from "../../engine/mixture";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import type { ExpertNames } from "../family";
import type { Model } from "../model";

/** What goes on in the block whose names begin with `at`. m [N, d] → [N, d], and the router's probabilities [N, E] */
export function expertMlp(
  m: tf.Tensor2D,
  config: ModelConfig,
  weights: Model["weights"],
  names: ExpertNames,
  at: string,
): { value: tf.Tensor2D; probabilities: tf.Tensor2D } {
  const router = weights.stack(`${at}${names.router}`).matrix; // [E, d]
  const probabilities = tf.softmax(tf.matMul(m, router, false, true) as tf.Tensor2D); // in float32, as Transformers has it
  const gateUp = weights.stack(...names.gateUp.map((name) => `${at}${name}`));
  const down = weights.stack(...names.down.map((name) => `${at}${name}`));
  const experts = { gateUp: gateUp.matrix, down: down.matrix, trained: gateUp.trained };
  return { value: mixture(m, probabilities, experts, config.mixture!, config.activation), probabilities };
}
