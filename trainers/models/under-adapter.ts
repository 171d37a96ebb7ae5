// A base's weights where an adapter has some of its own instead (PEFT's modules_to_save): the base's stay as they are, for the reference and
// for other adapters. A head that is tied to the embeddings is the base's own while these are trained, as in PEFT.
import type { Adapter } from "../engine/adapter";
import type { Int8 } from "../engine/linear";
import type { tf } from "../engine/tensorflow";
import type { Model, Weights } from "./model";
import { namesOf } from "./names";

/** The model as it computes with `adapter`. Linear layers are not looked up here: they go by the adapter's `change`. */
export function underAdapter(model: Model, adapter: Adapter | null): Model {
  if (!adapter?.tuner.replaces) return model;
  const { weights, config } = model;
  const { embedding, positions } = namesOf(config);
  const own = <T extends tf.Tensor>(name: string) => adapter.weights.get(name) as T | undefined;
  const placed = weights.positions && (own<tf.Tensor2D>(`${positions}.weight`) ?? weights.positions);
  const replaced: Weights = {
    ...weights,
    embedding: own(`${embedding}.weight`) ?? weights.embedding,
    head: headUnder(model, adapter),
    ...(placed && { positions: placed }),
    vector: (name) => own(name) ?? weights.vector(name),
  };
  return { ...model, weights: replaced };
}

/** The matrix of logits, [V, d]. */
export const headUnder = ({ weights, config }: Model, adapter: Adapter | null): tf.Tensor2D | Int8 =>
  (adapter?.weights.get(`${namesOf(config).head}.weight`) as tf.Tensor2D | undefined) ?? weights.head;
