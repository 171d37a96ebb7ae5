// What answers' first tokens cost a model: where a base that never predicted any shows it.
import { mean } from "../../spec/statistics";
import type { TokenBatch } from "../../trainers/inference/batches";
import { tokenScores } from "../../trainers/inference/policy";
import type { Model } from "../../trainers/models/model";

/** Of the batch's answers, in nats. */
export function firstTokens(model: Model, batch: TokenBatch): number {
  const { logProbs } = tokenScores(model, null, batch); // [B, C]
  return -mean((logProbs.arraySync() as number[][]).map((row) => row[0]!));
}
