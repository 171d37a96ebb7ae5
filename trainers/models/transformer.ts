// The forward pass of a model, by its family.
import type { Adapter } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { FamilyName } from "./config";
import { llamaNative } from "./llama/native";
import { llamaPacked } from "./llama/packed";
import { llamaTransformer } from "./llama/transformer";
import type { Attend, Model, PackedSequence, Sequence } from "./model";
import type { NativeModel } from "./native-model";

type Transformer = (model: Model, adapter: Adapter | null, sequence: Sequence, attend: Attend) => tf.Tensor2D;

const transformers: Record<FamilyName, Transformer> = { llama: llamaTransformer };

/** The last hidden states after the final norm, [B·T, d]. With `adapter` null the base speaks: that is the reference policy. */
export const transformer: Transformer = (model, ...rest) => transformers[model.config.family](model, ...rest);

const packed: Record<
  FamilyName,
  (model: Model, adapter: Adapter | null, sequence: PackedSequence) => tf.Tensor2D | null
> = { llama: llamaPacked };

/** The same of packed rows by the ops of native/, [N, d]; null where only the plain pass can do it. */
export const packedTransformer = (model: Model, adapter: Adapter | null, sequence: PackedSequence) =>
  packed[model.config.family](model, adapter, sequence);

const natives: Record<FamilyName, (model: Model, adapter: Adapter | null) => NativeModel | null> = {
  llama: llamaNative,
};

/** The same as one op of native/, without gradients; null where only the plain pass can do it. Owned by the caller. */
export const nativeModel = (model: Model, adapter: Adapter | null) => natives[model.config.family](model, adapter);

/** Logits of some rows of the hidden states. */
export function logits({ weights }: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(hidden, weights.head, false, true); // [N, V]
}
