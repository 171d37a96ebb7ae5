// The forward pass of a model, by its family.
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { FamilyName } from "./config";
import { llamaTransformer } from "./llama/transformer";
import type { Attend, Model, Sequence } from "./model";

type Transformer = (model: Model, adapter: Adapter | null, sequence: Sequence, attend: Attend) => tf.Tensor2D;

const transformers: Record<FamilyName, Transformer> = { llama: llamaTransformer };

/** The last hidden states after the final norm, [B·T, d]. With `adapter` null the base speaks: that is the reference policy. */
export const transformer: Transformer = (model, ...rest) => transformers[model.config.family](model, ...rest);

/** Logits of some rows of the hidden states. */
export function logits({ weights }: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(hidden, weights.head, false, true); // [N, V]
}
