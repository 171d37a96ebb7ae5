// Listwise DPO: whole rankings of two or more answers to a prompt, ties allowed; loss in loss.ts.

import type { ListwiseConfig } from "../../../spec/methods/listwise";
import { rankedRows } from "../../data/method-rows";
import { rowBatches } from "../../data/row-batches";
import { type ListTokens, listGroup } from "../../data/tokenize";
import { maskedMean } from "../../engine/loss-output";
import { tf } from "../../engine/tensorflow";
import { bucket, countTokens, microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { tokenScores } from "../../inference/policy";
import { sumOfScored } from "../../inference/scored-tokens";
import type { Training } from "../method";
import { scoredReference } from "../shared/moving-reference";
import { plackettLuceLosses, type Remaining, remainingSets } from "./loss";

type Batch = TokenBatch & {
  reference: tf.Tensor2D; // [n·B, C]
  members: tf.Tensor3D; // [B, S, n]
  shares: tf.Tensor2D; // [B, S]
  /** 1 where answer i is ranked above answer j. */
  above: tf.Tensor3D; // [B, n, n]
  best: tf.Tensor2D; // [B, n]
  worst: tf.Tensor2D; // [B, n]
};

export const listwise: Training<ListwiseConfig, ListTokens, Batch> = {
  readRows: rankedRows,
  sequences: listGroup,
  create(setup, config, dataset) {
    const { model, policy, microBatchTokens } = setup.context;
    const scored = scoredReference(setup, config.listwise);
    const { referenceScores } = scored;
    return {
      ...rowBatches(dataset, config, (rows, pad) =>
        ofOneLength(rows)
          .flatMap((alike) => microBatches(alike, listGroup, microBatchTokens))
          .map((part) => ({
            weight: part.length,
            tokens: countTokens(part.flatMap(listGroup)),
            build() {
              const groups = part.map(listGroup);
              const batch = tokenBatch(groups, pad);
              return { ...batch, reference: referenceScores.tokenLogProbs(groups, batch), ...rankTensors(part) };
            },
          })),
      ),
      ...scored,
      loss(batch) {
        const { layout, mask, members, shares, above, best, worst } = batch;
        const scores = tokenScores(model, policy, batch);
        const byRow = (values: tf.Tensor1D) => values.reshape<tf.Tensor2D>([layout.answers, layout.rows]).transpose(); // [B, n]
        const logProbs = byRow(sumOfScored(scores.logProbs, batch));
        const rewards = logProbs.sub(byRow(sumOfScored(batch.reference, batch))).mul<tf.Tensor2D>(config.listwise.beta);
        const losses = plackettLuceLosses(rewards, members, shares); // [B]
        const leads = rewards.expandDims(2).sub(rewards.expandDims(1)); // [B, n, n], answer i over answer j
        return {
          loss: losses.mean(),
          heldOut: { loss: maskedMean(losses) },
          stats: {
            "rewards/chosen": maskedMean(rewards, best),
            "rewards/rejected": maskedMean(rewards, worst),
            "rewards/accuracies": maskedMean(leads.greater(0).toFloat(), above),
            "logps/chosen": maskedMean(logProbs, best),
            "logps/rejected": maskedMean(logProbs, worst),
            entropy: maskedMean(scores.entropy, mask),
          },
        };
      },
    };
  },
};

/** The rows by how many answers they have: a batch has the same number in each. */
const ofOneLength = (rows: ListTokens[]): ListTokens[][] =>
  [...new Set(rows.map(({ ranks }) => ranks.length))].map((n) => rows.filter(({ ranks }) => ranks.length === n));

function rankTensors(rows: ListTokens[]) {
  const ranks = rows.map((row) => row.ranks);
  const sets = ranks.map(remainingSets);
  const most = bucket(Math.max(...sets.map(({ length }) => length)));
  const padding: Remaining = { members: ranks[0]!.map(() => 1), share: 0 };
  const padded = sets.map((row) => Array.from({ length: most }, (_, i) => row[i] ?? padding));
  const marked = (test: (rank: number, row: number[]) => boolean) =>
    tf.tensor2d(ranks.map((row) => row.map((rank) => (test(rank, row) ? 1 : 0))));
  return {
    members: tf.tensor3d(padded.map((row) => row.map(({ members }) => members))),
    shares: tf.tensor2d(padded.map((row) => row.map(({ share }) => share))),
    above: tf.tensor3d(ranks.map((row) => row.map((a) => row.map((b) => (a < b ? 1 : 0))))),
    best: marked((rank, row) => rank === Math.min(...row)),
    worst: marked((rank, row) => rank === Math.max(...row)),
  };
}
