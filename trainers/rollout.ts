// A rollout: answers sampled from the policy, with everything PPO must know of them as they were sampled.
import { mean } from "../lib/statistics";
import { adaptedKl, generalizedAdvantages, klEstimate, whiten } from "./advantages";
import { microBatches, type TokenBatch, tokenBatch } from "./batches";
import type { PpoConfig } from "./config";
import { batchRows, type Example } from "./data/dataset";
import type { Tokens } from "./data/tokenize";
import { positionKl } from "./engine/head";
import { compile, free } from "./engine/jit/compile";
import { tf } from "./engine/tensorflow";
import type { Context } from "./method";
import type { MetricRow } from "./metrics";
import type { Critic } from "./models/critic";
import type { Adapter } from "./models/lora";
import type { ChatTokenizer } from "./models/tokenizer";
import { answerStates, scoresOf, tokenValues } from "./policy";
import type { Recorded } from "./replay";
import { type Answered, partStats, type Reward, sequence } from "./rewards";
import { createSampler } from "./sampling";

/** One answer. Its arrays have a number for each token of `fed` after the query. */
export interface Rollout extends Answered {
  /** Query and response; with score placement `trl` an answer that ended has one token of padding more, where its score stands. */
  fed: Tokens;
  logProbs: number[];
  values: number[];
  advantages: number[];
  returns: number[];
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
  critic: Critic;
  reward: Reward;
  /** Null is the base with adapters off. */
  reference: Adapter | null;
  tokenizer: ChatTokenizer;
  /** What steers the KL coefficient; changed after each update and saved with it. */
  controller: { klCoefficient: number };
}

interface Scored {
  logProbs: number[];
  /** log π/π_ref, or with the estimator `full` KL(π ‖ π_ref) at the position. */
  divergence: number[];
  values: number[];
  entropy: number[];
}

/** Samples (or takes from a record) the answers of update `update` and works out rewards and advantages. */
export function createRollouts(
  { model, policy, pad, microBatchTokens }: Context,
  { critic, reward, reference, tokenizer, controller }: Roles,
  config: PpoConfig,
): (update: number, prompts: Example<unknown>[], recorded: Recorded | undefined) => Rollouts {
  const { ppo, seed, data } = config;
  const { temperature, responseLength, klEstimator } = ppo;
  const sampler = createSampler(model, policy);
  const score = compile((batch: TokenBatch): tf.Tensor3D => {
    const states = (adapter: Adapter | null) => answerStates(model, adapter, batch).div<tf.Tensor2D>(temperature);
    const [spoken, referred] = [states(policy), states(reference)];
    const own = scoresOf(spoken, model, batch);
    const divergence =
      klEstimator === "full"
        ? positionKl(spoken, referred, model.weights.head).reshape(batch.mask.shape)
        : own.logProbs.sub(scoresOf(referred, model, batch).logProbs);
    const values = tokenValues(model, critic.adapter, critic.head, batch);
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
    const prompts = batchRows(all, ppo.rollouts, update, data.order, seed);
    const ids = prompts.map(({ promptIds }) => promptIds);
    const streams = ids.map((_, i) => `${seed}/rollout/${update}/${i}`);
    const completions = sampler(ids, { maxNewTokens: responseLength, temperature, eos: tokenizer.eos, pad, streams });
    return {
      answers: completions.map(({ ids: response }, i) => ({ prompt: prompts[i]!.prompt, query: ids[i]!, response })),
      logProbs: completions.map(({ logProbs }) => logProbs),
    };
  }

  return (update, prompts, recorded) => {
    const started = performance.now();
    const drawn = recorded ? { answers: recorded.answers, logProbs: null } : sampled(update, prompts);
    const { answers } = drawn;
    const ended = answers.map(({ response }) => response.at(-1) === tokenizer.eos);
    const fed = answers.map((answer) => {
      const row = sequence(answer);
      const padded = ppo.scorePlacement === "trl" && answer.response.length < responseLength;
      return padded ? { input_ids: [...row.input_ids, pad], completion_mask: [...row.completion_mask, 0] } : row;
    });
    const scored = scoredRows(fed);
    const lengths = answers.map(({ response }) => response.length);
    const given = reward(answers);
    const scores = given.scores.map((value, i) => {
      const clipped = ppo.rewardClip === null ? value : Math.max(-ppo.rewardClip, Math.min(ppo.rewardClip, value));
      return clipped - (ended[i] ? 0 : ppo.missingEosPenalty);
    });
    const kl = scored.map(({ divergence }, i) =>
      divergence.map((ratio, t) =>
        t >= lengths[i]! ? 0 : klEstimator === "full" ? ratio : klEstimate(klEstimator, ratio),
      ),
    );
    const penalties = kl.map((row) => row.map((value) => -controller.klCoefficient * value));
    const placed = penalties.map((row, i) =>
      row.map((value, t) => (t === row.length - 1 ? value + scores[i]! : value)),
    );
    const rewards = ppo.whitenRewards ? whiten(placed, true) : placed;
    const estimates = rewards.map((row, i) => generalizedAdvantages(row, scored[i]!.values, ppo));
    const own = estimates.map(({ advantages }, i) => advantages.slice(0, lengths[i]));
    const advantages = ppo.whitenAdvantages ? whiten(own) : own;
    const rows = answers.map((answer, i) => ({
      ...answer,
      fed: fed[i]!,
      logProbs: scored[i]!.logProbs,
      values: scored[i]!.values,
      advantages: advantages[i]!,
      returns: estimates[i]!.returns,
    }));
    const meanKl = mean(kl.map(total));
    const stats = {
      "objective/kl": meanKl,
      "objective/entropy": mean(scored.map(({ entropy }, i) => total(entropy.slice(0, lengths[i])))),
      "objective/non_score_reward": mean(penalties.map(total)),
      "objective/rlhf_reward": mean(penalties.map((row, i) => total(row) + scores[i]!)),
      "objective/scores": mean(scores),
      ...partStats(given),
      "objective/length": mean(lengths),
      "objective/kl_coefficient": controller.klCoefficient,
      "val/num_eos_tokens": ended.filter(Boolean).length,
      rollout_seconds: (performance.now() - started) / 1000,
    };
    if (ppo.adaptiveKl)
      controller.klCoefficient = adaptedKl(controller.klCoefficient, meanKl, answers.length, ppo.adaptiveKl);
    return { rows, stats, kl: meanKl, samplerDistance: drawn.logProbs && distance(drawn.logProbs, scored) };
  };
}

const total = (row: number[]) => row.reduce((a, b) => a + b, 0);

const distance = (sampled: number[][], scored: Scored[]) =>
  sampled.reduce(
    (most, row, i) => row.reduce((far, value, t) => Math.max(far, Math.abs(value - scored[i]!.logProbs[t]!)), most),
    0,
  );
