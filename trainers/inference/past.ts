// What stands before every row under an adapter that learns a prompt. Its tokens see themselves alone, so they are computed once for all rows:
// as a row of their own, whose keys and values the others read.
import type { Adapter, Past } from "../engine/adapter";
import { tf } from "../engine/tensorflow";
import type { Model } from "../models/model";
import { transformer } from "../models/transformer";
import { causal } from "./segments";

/** Null where there is nothing. */
export function pastOf(model: Model, adapter: Adapter | null): Past[] | null {
  const before = adapter?.tuner.virtualTokens?.(adapter.weights);
  if (!before) return null;
  if ("past" in before) return before.past;
  const { embeddings: embedded } = before;
  const p = embedded.shape[0];
  const [ids, positions] = [
    tf.zeros<tf.Rank.R2>([1, p], "int32"),
    tf.range(0, p, 1, "int32").expandDims<tf.Tensor2D>(),
  ];
  const past: Past[] = [];
  const attend = causal(model.config);
  // Nothing is computed again, for keys and values could not leave such a block; these tokens are few.
  transformer({ ...model, recompute: "none" }, null, { ids, positions, embedded }, (layer, q, keys, values) => {
    past.push({ keys, values });
    return attend(layer, q, keys, values);
  });
  return past;
}
