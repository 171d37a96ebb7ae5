// A rollout: answers sampled from the policy, with everything that must be known of them as they were sampled.

import type { MetricRow } from "../../../spec/metrics/catalogue";
import { deviation, mean, sum } from "../../../spec/statistics";
import type { Adapter } from "../../adapters/adapter";
import type { Example } from "../../data/dataset";
import { batchRows } from "../../data/row-batches";
import type { Tokens } from "../../data/tokenize";
import { positionKl } from "../../engine/head";
import { compile, free } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { microBatches, type TokenBatch, tokenBatch } from "../../inference/batches";
import { answerStates, scoresOf, tokenValues } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import type { Critic } from "../../models/critic";
import type { ChatTokenizer } from "../../models/tokenizer";
import { type Answered, partStats, type Reward, sequence } from "../../rewards/rewards";
import type { Context } from "../method";
import type { Recorded } from "../ppo/replay";
import { klEstimate } from "./advantages";

/** One answer. Its arrays have a number for each token of `fed` after the query. */
export interface Rollout extends Answered {
  /** Query and response; with score placement `trl` an answer that ended has one token of padding more, where its score stands. */
  fed: Tokens;
  ended: boolean;
  logProbs: number[];
  /** 0 where there is no critic. */
  values: number[];
  /** log π_ref; of no meaning with the estimator `full`. */
  reference: number[];
  /** KL to the reference by the estimator asked for, 0 after the response. */
  kl: number[];
  /** Clipped, penalties taken off. */
  score: number;
}

export interface Rollouts {
  rows: Rollout[];
  stats: Partial<MetricRow>;
  /** Largest distance of a sampled token's log-probability in the sampler from the trainer's; null for a replay. */
  samplerDistance: number | null;
  /** Mean over the answers of Σ_t KL to the reference, nats. */
  kl: number;
}

export interface Roles {
  reward: Reward;
  /** Null is the base with adapters off. */
  reference: Adapter | null;
  tokenizer: ChatTokenizer;
  /** Null where no values are learnt. */
  critic: Critic | null;
}

export interface RolloutOptions {
  seed: number;
  order: "shuffled" | "sequential";
  /** Asked in each update. */
  prompts: number;
  /** Answers to each. */
  samples: number;
  responseLength: number;
  temperature: number;
  klEstimator: "k1" | "k2" | "k3" | "full";
  missingEosPenalty: number;
  rewardClip: number | null;
  scorePlacement: "eos" | "trl";
}

interface Scored {
  logProbs: number[];
  /** log π/π_ref, or with the estimator `full` KL(π ‖ π_ref) at the position. */
  divergence: number[];
  values: number[];
  entropy: number[];
}

/** Samples (or takes from a record) the answers of update `update`, scores and measures them. Answers to one prompt stand side by side. */
export function createRollouts(
  { model, policy, pad, microBatchTokens }: Context,
  { critic, reward, reference, tokenizer }: Roles,
  options: RolloutOptions,
): (update: number, prompts: Example<unknown>[], recorded?: Recorded) => Rollouts {
  const { temperature, responseLength, klEstimator, seed } = options;
  const sampler = createSampler(model, policy);
  const score = compile((batch: TokenBatch): tf.Tensor3D => {
    const states = (adapter: Adapter | null) => answerStates(model, adapter, batch).div<tf.Tensor2D>(temperature);
    const [spoken, referred] = [states(policy), states(reference)];
    const own = scoresOf(spoken, model, batch);
    const divergence =
      klEstimator === "full"
        ? positionKl(spoken, referred, model.weights.head).reshape(batch.mask.shape)
        : own.logProbs.sub(scoresOf(referred, model, batch).logProbs);
    const values = critic ? tokenValues(model, critic.adapter, critic.head, batch) : tf.zerosLike(batch.mask);
    return tf.stack([own.logProbs, divergence, values, own.entropy]) as tf.Tensor3D; // [4, B, C]
  });

  function scoredRows(rows: Tokens[]): Scored[] {
    const scores = new Map<Tokens, Scored>();
    for (const part of microBatches(rows, (row) => [row], microBatchTokens)) {
      const batch = tokenBatch(
        part.map((row) => [row]),
        pad,
      );
      const table = score(batch);
      const values = table.arraySync();
      part.forEach((row, i) => {
        const length = row.completion_mask.length - row.completion_mask.indexOf(1);
        const [logProbs, divergence, predicted, entropy] = values.map((column) => column[i]!.slice(0, length)) as [
          number[],
          number[],
          number[],
          number[],
        ];
        scores.set(row, { logProbs, divergence, values: predicted, entropy });
      });
      free([batch, table]);
    }
    return rows.map((row) => scores.get(row)!);
  }

  function sampled(update: number, all: Example<unknown>[]): { answers: Answered[]; logProbs: number[][] } {
    const asked = batchRows(all, options.prompts, update, options.order, seed).flatMap((prompt) =>
      Array<Example<unknown>>(options.samples).fill(prompt),
    );
    const ids = asked.map(({ promptIds }) => promptIds);
    const streams = ids.map((_, i) => `${seed}/rollout/${update}/${i}`);
    const completions = sampler(ids, { maxNewTokens: responseLength, temperature, ends: tokenizer.ends, pad, streams });
    return {
      answers: completions.map(({ ids: response }, i) => ({ prompt: asked[i]!.prompt, query: ids[i]!, response })),
      logProbs: completions.map(({ logProbs }) => logProbs),
    };
  }

  function withPlace(answer: Answered): Tokens {
    const row = sequence(answer);
    const padded = options.scorePlacement === "trl" && answer.response.length < responseLength;
    return padded ? { input_ids: [...row.input_ids, pad], completion_mask: [...row.completion_mask, 0] } : row;
  }

  return (update, prompts, recorded) => {
    const started = performance.now();
    const drawn = recorded ? { answers: recorded.answers, logProbs: null } : sampled(update, prompts);
    const { answers } = drawn;
    const fed = answers.map(withPlace);
    const scored = scoredRows(fed);
    const given = reward(answers);
    const rows = answers.map((answer, i): Rollout => {
      const { logProbs, divergence, values } = scored[i]!;
      const ended = tokenizer.ends.has(answer.response.at(-1)!);
      const kl = divergence.map((ratio, t) => {
        if (t >= answer.response.length) return 0;
        return klEstimator === "full" ? ratio : klEstimate(klEstimator, ratio);
      });
      const reference = logProbs.map((logProb, t) => logProb - divergence[t]!);
      const score = clipped(given.scores[i]!, options.rewardClip) - (ended ? 0 : options.missingEosPenalty);
      return { ...answer, fed: fed[i]!, ended, logProbs, reference, values, kl, score };
    });
    const kl = mean(rows.map((row) => sum(row.kl)));
    return {
      rows,
      kl,
      samplerDistance: drawn.logProbs && distance(drawn.logProbs, scored),
      stats: {
        "objective/kl": kl,
        "objective/entropy": mean(scored.map(({ entropy }, i) => sum(entropy.slice(0, rows[i]!.response.length)))),
        "objective/scores": mean(rows.map(({ score }) => score)),
        "objective/score_spread": deviation(rows.map(({ score }) => score)),
        "objective/repeated": 1 - new Set(rows.map(({ query, response }) => `${query}|${response}`)).size / rows.length,
        ...partStats(given),
        "objective/length": mean(rows.map(({ response }) => response.length)),
        "val/num_eos_tokens": rows.filter(({ ended }) => ended).length,
        rollout_seconds: (performance.now() - started) / 1000,
      },
    };
  };
}

const clipped = (value: number, bound: number | null) =>
  bound === null ? value : Math.max(-bound, Math.min(bound, value));

const distance = (sampled: number[][], scored: Scored[]) =>
  sampled.reduce(
    (most, row, i) => row.reduce((far, value, t) => Math.max(far, Math.abs(value - scored[i]!.logProbs[t]!)), most),
    0,
  );
