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

export const modelOf = ({ config, host }: LoadedFiles): Model => ({
  config,
  weights: frozenWeights(config, host, "float32"),
  recompute: "none",
});

/** KL(original ‖ other) a token, and how often both are likeliest to go on alike, of all answers. */
export function distance(original: Model, other: Model, batch: TokenBatch): Pick<QuantisedForm, "kl" | "sameTop"> {
  const { kl, same } = distances(original, other, batch);
  return { kl: meanOf(kl), sameTop: mean(same) };
}

/** The same of each answer. */
export function distances(original: Model, other: Model, batch: TokenBatch): { kl: number[]; same: number[] } {
  const [perToken, mask, same] = tf.tidy(() => {
    const [a, b] = [answerStates(original, null, batch), answerStates(other, null, batch)]; // [B·C, d]
    const kl = positionKl(a, b, headOf(original, null), headOf(other, null)).reshape<tf.Tensor2D>(batch.mask.shape);
    const same = likeliest(original, a).equal(likeliest(other, b)).reshape<tf.Tensor2D>(batch.mask.shape);
    return [kl, batch.mask, same].map((x) => x.arraySync() as number[][]);
  }) as [number[][], number[][], number[][]];
  const meanOver = (rows: number[][]) =>
    rows.map((row, i) => row.reduce((sum, x, t) => sum + x * mask[i]![t]!, 0) / mask[i]!.reduce((a, b) => a + b, 0));
  return { kl: meanOver(perToken), same: meanOver(same) };
}

/** The token that each state makes likeliest. states [N, d] → [N] */
function likeliest(model: Model, states: tf.Tensor2D): tf.Tensor1D {
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
