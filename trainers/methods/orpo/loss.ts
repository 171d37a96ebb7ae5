// ORPO (Hong et al. 2024, arXiv 2403.07691): supervised fine-tuning plus a penalty on the odds of the rejected answer.
import { tf } from "../../engine/tensorflow";
import { type AnswerTokens, halves, meanLogProbs, type PairOf } from "../shared/answers";

export interface OrpoLoss {
  /** β log σ of the log odds ratio, equation 7, of each pair; to be raised. */
  terms: tf.Tensor1D; // [B]
  logOdds: tf.Tensor1D; // [B]
  /** β p̄. */
  rewards: PairOf<tf.Tensor1D>; // [B]
}

/** log odds(y_w)/odds(y_l) with odds = P/(1 − P), P = exp p̄ and p̄ an answer's mean log-probability. The caller adds the likelihood: NLL − mean(terms). */
export function orpoTerms(policy: AnswerTokens, { beta }: { beta: number }): OrpoLoss {
  const p = meanLogProbs(policy); // [2B]
  const odds = halves(p.sub<tf.Tensor1D>(logOneMinusExp(p)));
  const logOdds = odds.chosen.sub<tf.Tensor1D>(odds.rejected);
  return { terms: tf.softplus(logOdds.neg()).mul(-beta), logOdds, rewards: halves(p.mul<tf.Tensor1D>(beta)) };
}

/** log(1 − eˣ) for x < 0. */
const logOneMinusExp = (x: tf.Tensor) => x.exp().neg().log1p();
