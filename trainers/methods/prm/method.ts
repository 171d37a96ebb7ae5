// Process reward model: a linear head on the state at the end of every step, trained with the adapter on steps that are right or wrong; loss in loss.ts.
import type { PrmConfig } from "../../../spec/methods/prm";
import { stepwiseRows } from "../../data/method-rows";
import { rowBatches } from "../../data/row-batches";
import { judgedAt, type StepTokens } from "../../data/steps";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { tokenValues } from "../../inference/policy";
import { createHead } from "../../models/score-head";
import type { Training } from "../method";
import { stepLosses } from "./loss";

type Batch = TokenBatch & { right: tf.Tensor2D }; // [B, C], 1 where a step is right

export const prm: Training<PrmConfig, StepTokens, Batch> = {
  readRows: stepwiseRows,
  sequences: (row) => [row],
  tokenFileRow: ({ input_ids, completion_mask, labels }) => {
    const left = labels.values();
    return { input_ids, labels: completion_mask.map((judged) => (judged === 1 ? Number(left.next().value) : -100)) };
  },
  create({ context: { model, policy, microBatchTokens } }, config, dataset) {
    const head = tf.variable(createHead(config.prm.headInit, model.config.hiddenSize, config.seed));
    return {
      ...rowBatches(dataset, config, (rows, pad) =>
        microBatches(rows, (row) => [judgedAt(row, pad)], microBatchTokens).map((part) => ({
          weight: part.reduce((sum, { labels }) => sum + labels.length, 0),
          tokens: countTokens(part),
          build() {
            const batch = tokenBatch(
              part.map((row) => [judgedAt(row, pad)]),
              pad,
            );
            return { ...batch, right: placed(batch, part) };
          },
        })),
      ),
      head,
      stepSeparator: config.prm.stepSeparator,
      loss(batch) {
        const logits = tokenValues(model, policy, head, batch); // [B, C]
        const { mask, right } = batch;
        const losses = stepLosses(logits, right);
        const found = logits.greater(0).toFloat().equal(right).toFloat();
        return {
          loss: losses.mul(mask).sum().div(mask.sum()) as tf.Scalar,
          heldOut: { loss: maskedMean(losses, mask) },
          stats: {
            step_accuracy: maskedMean(found, mask),
            "steps/right": maskedMean(logits.sigmoid(), mask.mul(right)),
            "steps/wrong": maskedMean(logits.sigmoid(), mask.mul(tf.sub(1, right))),
            first_error_accuracy: maskedMean(sameFirst(logits, right, mask)),
          },
        };
      },
    };
  },
};

/** Labels in the places that the mask marks. → [B, C] */
function placed({ mask, layout }: TokenBatch, rows: StepTokens[]): tf.Tensor2D {
  const judged = mask.arraySync();
  const values = judged.map((places, row) => {
    const left = rows[row]!.labels.values();
    return places.map((one) => (one === 1 ? Number(left.next().value) : 0));
  });
  return tf.tensor2d(values, [rows.length, layout.answer]);
}

/** 1 where the first step with σ(z) ≤ ½ is the first wrong one, or no step is either: what ProcessBench counts (Zheng et al. 2024, arXiv 2412.06559). → [B] */
function sameFirst(logits: tf.Tensor2D, right: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor1D {
  const places = tf.range(1, mask.shape[1] + 1); // [C]
  const none = mask.shape[1] + 1;
  const firstOf = (wrong: tf.Tensor) => tf.where(wrong.mul(mask).greater(0), places, none).min(1); // [B]
  return firstOf(tf.sub(1, logits.greater(0).toFloat()))
    .equal(firstOf(tf.sub(1, right)))
    .toFloat() as tf.Tensor1D;
}
