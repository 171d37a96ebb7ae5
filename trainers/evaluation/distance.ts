// How far a changed model's next-token distribution is from the original's, along the same answers.
import type { QuantisedForm } from "../../spec/reports";
import { mean } from "../../spec/statistics";
import { logitsOf, positionKl } from "../engine/head";
import { tf } from "../engine/tensorflow";
import type { TokenBatch } from "../inference/batches";
import { answerStates } from "../inference/policy";
import type { LoadedFiles } from "../models/formats/loaded-files";
import type { Model } from "../models/model";
import { headOf } from "../models/transformer";
import { frozenWeights } from "../models/weights";
import { meanOf } from "./on-policy";

export const modelOf = ({ config, host }: LoadedFiles, quantisation: "int8" | null = null): Model => ({
  config,
  weights: frozenWeights(config, host, "float32", { quantisation, unquantised: [] }),
  recompute: "none",
});

/** A model with its hidden states that predict a batch's tokens. */
export interface Read {
  model: Model;
  states: tf.Tensor2D; // [B·C, d]
}

export const readBy = (model: Model, batch: TokenBatch): Read => ({ model, states: answerStates(model, null, batch) });

/** KL(original ‖ other) a token, and how often both are likeliest to go on alike, of all answers. */
export function distance(original: Model, other: Model, batch: TokenBatch): Pick<QuantisedForm, "kl" | "sameTop"> {
  const { kl, same } = tf.tidy(() => distances(readBy(original, batch), readBy(other, batch), batch));
  return { kl: meanOf(kl), sameTop: mean(same) };
}

/** The same of each answer. */
export function distances(original: Read, other: Read, { mask }: TokenBatch): { kl: number[]; same: number[] } {
  const [perToken, weights, same] = tf.tidy(() => {
    const heads = [original, other].map(({ model }) => headOf(model, null));
    const kl = positionKl(original.states, other.states, heads[0]!, heads[1]);
    const same = likeliest(original).equal(likeliest(other));
    return [kl, mask, same].map((x) => x.reshape(mask.shape).arraySync() as number[][]);
  }) as [number[][], number[][], number[][]];
  const meanOver = (rows: number[][]) =>
    rows.map(
      (row, i) => row.reduce((sum, x, t) => sum + x * weights[i]![t]!, 0) / weights[i]!.reduce((a, b) => a + b, 0),
    );
  return { kl: meanOver(perToken), same: meanOver(same) };
}

/** The token that each state makes likeliest. → [B·C] */
function likeliest({ model, states }: Read): tf.Tensor1D {
  const head = headOf(model, null);
  const starts = Array.from({ length: Math.ceil(states.shape[0] / rowsAtOnce) }, (_, i) => rowsAtOnce * i);
  const parts = starts.map((start) => {
    const rows = states.slice([start, 0], [Math.min(rowsAtOnce, states.shape[0] - start), -1]);
    return tf.tidy(() => tf.argMax(logitsOf(rows, head), -1) as tf.Tensor1D);
  });
  return tf.concat1d(parts);
}

/** Of so many the logits are in memory. */
const rowsAtOnce = 256;
