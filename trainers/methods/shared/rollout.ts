// A rollout: answers sampled from the policy, with everything that has to be recorded when they are sampled.
import type { Supervision } from "../../../spec/fields/supervision";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { deviation, mean, sum } from "../../../spec/statistics";
import type { Tokens } from "../../data/tokenize";
import { compile, free } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import type { FrozenPolicy } from "../../inference/frozen-policy";
import { answerStates, klOf, scoresOf, tokenValues } from "../../inference/policy";
import type { ChatTokenizer } from "../../models/tokenizer";
import { type Answered, endedByItself, isGiven, ownLength, ownTokens, sequence } from "../../rewards/answered";
import { type LearntScore, learntScores } from "../../rewards/learnt-scores";
import { partStats, type Reward } from "../../rewards/rewards";
import type { Context } from "../method";

/** Where answers come from, and in which order optimiser steps learn from them: usually the policy is sampled. */
export interface RolloutSource {
  updates: number;
  /** Optimiser steps of each. */
  stepsPerUpdate: number;
  /** The answers of an update, those to one prompt side by side, with the sampler's log-probabilities; null where another program sampled. */
  sample(update: number): { answers: Answered[]; logProbs: number[][] | null; stats: Partial<MetricRow> };
  /** Which of `count` answers an optimiser step of an update learns from. */
  miniBatch(update: number, step: number, count: number): number[];
}

/** One answer. Its arrays have a number for each token of `inputTokens` after the query. */
export interface Rollout extends Answered, LearntScore {
  /** Query and response; with score placement `trl` an answer that ended has one more token, padding, which receives its score. */
  inputTokens: Tokens;
  ended: boolean;
  logProbs: number[];
  values: number[];
  /** log π_ref; undefined with the estimator `full`. */
  reference: number[];
  /** KL to the reference by the chosen estimator, 0 after the response. */
  kl: number[];
}

export interface Rollouts {
  rows: Rollout[];
  stats: Partial<MetricRow>;
  /** Largest difference between the sampler's and the trainer's log-probability of a token, in bfloat16 of a row's mean; null where another program sampled. */
  samplerDistance: number | null;
  /** Mean over the answers of Σ_t KL to the reference, nats. */
  kl: number;
}

/** What a rollout needs besides the policy. */
export interface Roles {
  reward: Reward;
  reference: FrozenPolicy;
  tokenizer: ChatTokenizer;
  /** A model, or an adapter on one, and a head that predict values; null for methods without a critic. */
  critic: (FrozenPolicy & { head: tf.Tensor2D }) | null;
}

export interface RolloutOptions {
  maxCompletionLength: number;
  temperature: number;
  klEstimator: KlEstimator | "full";
  missingEosPenalty: number;
  rewardClip: number | null;
  supervision?: Supervision;
  scorePlacement: "eos" | "trl";
}

export type KlEstimator = "k1" | "k2" | "k3";

/** Estimates of KL(π ‖ π_ref) at a sampled token, from log π − log π_ref (Schulman 2020, "Approximating KL divergence"). In nats. */
export function klEstimate(estimator: KlEstimator, logRatio: number): number {
  if (estimator === "k1") return logRatio;
  if (estimator === "k2") return logRatio ** 2 / 2;
  return Math.exp(-logRatio) - 1 + logRatio;
}

/** A number for each token; `divergence` is log π/π_ref, or with the estimator `full` KL(π ‖ π_ref) at the position. */
type TokenTable = Record<"logProbs" | "divergence" | "values" | "entropy", number[]>;

/** Takes the answers of an update from `source`, scores them, and computes log-probabilities, KL and values. */
export function createRollouts(
  { model, policy, microBatchTokens }: Context,
  { critic, reward, reference, tokenizer }: Roles,
  source: RolloutSource,
  options: RolloutOptions,
): (update: number) => Rollouts {
  const { temperature, maxCompletionLength, klEstimator } = options;
  const { pad } = tokenizer;
  const speaker = { model, adapter: policy };
  const score = compile((batch: TokenBatch): tf.Tensor3D => {
    const policyStates = answerStates(model, policy, batch);
    const referenceStates = answerStates(reference.model, reference.adapter, batch);
    const policyScores = scoresOf(policyStates, speaker, batch, temperature);
    const divergence =
      klEstimator === "full"
        ? klOf([policyStates, speaker], [referenceStates, reference], batch, temperature)
        : policyScores.logProbs.sub(scoresOf(referenceStates, reference, batch, temperature).logProbs);
    const values = critic ? tokenValues(critic.model, critic.adapter, critic.head, batch) : tf.zerosLike(batch.mask);
    return tf.stack([policyScores.logProbs, divergence, values, policyScores.entropy]) as tf.Tensor3D; // [4, B, C]
  });

  function scoredRows(rows: Tokens[]): TokenTable[] {
    const tables = new Map<Tokens, TokenTable>();
    for (const part of microBatches(rows, (row) => [row], microBatchTokens)) {
      const batch = tokenBatch(
        part.map((row) => [row]),
        pad,
      );
      const scores = score(batch);
      const columns = scores.arraySync();
      part.forEach((row, i) => {
        const length = row.completion_mask.length - row.completion_mask.indexOf(1);
        const ofRow = columns.map((column) => column[i]!.slice(0, length));
        const [logProbs, divergence, values, entropy] = ofRow as [number[], number[], number[], number[]];
        tables.set(row, { logProbs, divergence, values, entropy });
      });
      free([batch, scores]);
    }
    return rows.map((row) => tables.get(row)!);
  }

  function withScorePlace(answer: Answered): Tokens {
    const row = sequence(answer);
    const padded = options.scorePlacement === "trl" && answer.response.length < maxCompletionLength;
    return padded ? { input_ids: [...row.input_ids, pad], completion_mask: [...row.completion_mask, 0] } : row;
  }

  return (update) => {
    const started = performance.now();
    const { answers, logProbs: sampledLogProbs, stats: ofSampling } = source.sample(update);
    const inputTokens = answers.map(withScorePlace);
    const tables = scoredRows(inputTokens);
    const scored = reward(answers);
    const learnt = learntScores(answers, scored, options, tokenizer.ends);
    const rows = answers.map((answer, i): Rollout => {
      const { logProbs, divergence, values } = tables[i]!;
      const ended = endedByItself(answer, tokenizer.ends);
      const kl = divergence.map((ratio, t) => {
        if (t >= answer.response.length || isGiven(answer, t)) return 0;
        return klEstimator === "full" ? ratio : klEstimate(klEstimator, ratio);
      });
      const reference = logProbs.map((logProb, t) => logProb - divergence[t]!);
      return { ...answer, ...learnt[i]!, inputTokens: inputTokens[i]!, ended, logProbs, reference, values, kl };
    });
    const kl = mean(rows.map((row) => sum(row.kl)));
    const scores = rows.flatMap(({ score, abstained }) => (abstained ? [] : [score]));
    return {
      rows,
      kl,
      samplerDistance: sampledLogProbs && largestDistance(sampledLogProbs, tables, rows, model.weights.dtype),
      stats: {
        ...ofSampling,
        "objective/kl": kl,
        "objective/entropy": mean(tables.map(({ entropy }, i) => sum(ownTokens(rows[i]!, entropy)))),
        ...(scores.length > 0 && { "objective/scores": mean(scores), reward_std: deviation(scores) }),
        "objective/repeated": 1 - new Set(rows.map(({ query, response }) => `${query}|${response}`)).size / rows.length,
        ...partStats(scored),
        "completions/mean_length": mean(rows.map(ownLength)),
        ...(rows[0]?.episode && { "completions/mean_turns": mean(rows.map(turnsOf)) }),
        ...(options.supervision === "process" && {
          "completions/mean_steps": mean(rows.map(({ steps }) => steps.length)),
        }),
        "completions/clipped_ratio": mean(rows.map(({ ended }) => (ended ? 0 : 1))),
        "val/num_eos_tokens": rows.filter(({ ended }) => ended).length,
        rollout_seconds: (performance.now() - started) / 1000,
      },
    };
  };
}

/** Of the row that is farthest off: its farthest token in float32. In bfloat16 single unlikely tokens are 0.1 nats off by rounding alone (mean 0.01): there its mean. */
function largestDistance(
  sampled: number[][],
  tables: TokenTable[],
  answers: Answered[],
  dtype: "float32" | "bfloat16",
): number {
  const ofRow = (distances: number[]) => (dtype === "float32" ? Math.max(0, ...distances) : mean(distances));
  const rows = sampled.map((row, i) => {
    const distances = row.map((value, t) => Math.abs(value - tables[i]!.logProbs[t]!));
    return ofRow(ownTokens(answers[i]!, distances));
  });
  return Math.max(0, ...rows);
}

const turnsOf = ({ episode }: Answered) => episode!.turns.filter(({ role }) => role === "assistant").length;
