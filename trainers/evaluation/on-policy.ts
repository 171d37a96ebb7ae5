// On-policy evaluation, the same for every method: the policy answers fixed prompts, and its answers are measured.

import type { Text } from "../../common/rows/rows";
import type { Answer } from "../../spec/answers";
import type { RunConfig } from "../../spec/config";
import { fewestCompared, lengthControlled } from "../../spec/length-controlled";
import { mean } from "../../spec/statistics";
import type { ForReward } from "../data/dataset";
import type { Adapter } from "../engine/adapter";
import { type Stats, standardErrorOf } from "../engine/gradients";
import { compile, free } from "../engine/jit/compile";
import { tf } from "../engine/tensorflow";
import { answersTo } from "../environments/answers";
import type { Environment } from "../environments/environment";
import { type TokenBatch, tokenBatch } from "../inference/batches";
import type { FrozenPolicy } from "../inference/frozen-policy";
import { answerStates, klOf, scoresOf } from "../inference/policy";
import { createSampler, type Sampler } from "../inference/sampling";
import { sumOfScored } from "../inference/scored-tokens";
import type { Model } from "../models/model";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, endedByItself, finalText, ownTokens, sequence, shownText } from "../rewards/answered";
import { goldRewardFor } from "../rewards/gold/tasks";
import { hasNoReward, type Reward } from "../rewards/rewards";
import { createPerplexity } from "./general-text";

export interface EvaluationPrompt extends ForReward {
  prompt: Text;
  ids: number[];
}

export interface OnPolicyOptions {
  model: Model;
  policy: Adapter | null;
  /** The reference of the KL: the method's own, or the base. Null where every weight is trained by a method without one, which leaves no base: no KL then. */
  reference: FrozenPolicy | null;
  tokenizer: ChatTokenizer;
  reward: Reward | null;
  /** Goes on with the answers, as where the policy learns. */
  environment: Environment | null;
}

/** Answers prompts at temperature 1 with the same random numbers each time, and measures those answers. Compiled once. */
export function createOnPolicyEvaluator(
  prompts: EvaluationPrompt[],
  config: RunConfig,
  { model, policy, reference, tokenizer, reward, environment }: OnPolicyOptions,
): () => { answers: Answer[]; stats: Stats } {
  const { ends, pad } = tokenizer;
  const completionsOf = (sampler: Sampler) => fixedAnswers(sampler, prompts, config, tokenizer, environment);
  const sampler = createSampler(model, policy);
  const measured = compile((batch: TokenBatch) => klAndEntropy(model, policy, reference, batch));
  const perplexity = createPerplexity(model, policy, tokenizer);
  let ofReference: Judged | null | undefined;

  /** What policy and reference are compared by: the oracle score where it is known, else the reward. */
  function score(answers: Answered[]) {
    const texts = answers.map((answer) => shownText(tokenizer, answer));
    const gold = answers.map((answer, i) => goldRewardFor(prompts[i]!.prompt, finalText(tokenizer, answer)));
    const scored = reward?.(answers);
    const rewards = scored ? scored.scores.map((score, i) => (hasNoReward(scored, i) ? null : score)) : null;
    return { texts, gold, rewards, judged: gold.every((score) => score !== null) ? gold : rewards };
  }

  return () => {
    const completions = completionsOf(sampler);
    const { texts, gold, rewards, judged } = score(completions);
    if (ofReference === undefined) {
      const other =
        judged && reference ? score(completionsOf(createSampler(reference.model, reference.adapter))) : null;
      ofReference = other?.judged ? { texts: other.texts, judged: other.judged } : null;
    }
    const [kl, entropy] = read(measured, completions, pad);
    const own = completions.map((answer) => ownTokens(answer, answer.response));
    const lengths = own.map(({ length }) => length);
    const known = (scores: (number | null)[] | null) => (scores ?? []).filter((score) => score !== null);
    const wins = ofReference && comparisons({ texts, judged: judged! }, ofReference);
    return {
      answers: prompts.map(({ prompt }, i) => ({
        prompt,
        answer: texts[i]!,
        tokens: lengths[i]!,
        kl: kl[i]!,
        reward: rewards?.[i] ?? null,
        gold: gold[i]!,
      })),
      stats: {
        ...(reference && {
          ...withError("on_policy/kl", kl),
          "on_policy/kl_per_token": mean(kl) / mean(lengths),
        }),
        ...(known(rewards).length > 0 && withError("on_policy/reward", known(rewards))),
        ...(known(gold).length > 0 && withError("on_policy/gold", known(gold))),
        ...(wins &&
          wins.length > 0 &&
          withError(
            "on_policy/win_rate",
            wins.map(({ preferred }) => preferred),
          )),
        ...(wins && atEqualLength(wins)),
        ...withError("on_policy/length", lengths),
        "on_policy/entropy": mean(entropy) / mean(lengths),
        "on_policy/distinct_2": distinct(own.flatMap((ids) => runsOf(2, ids))),
        "on_policy/repetition": mean(own.map((ids) => 1 - distinct(runsOf(4, ids)))),
        "on_policy/ended": mean(completions.map((answer) => Number(endedByItself(answer, ends)))),
        "general/perplexity": perplexity(),
      },
    };
  };
}

/** Answers at temperature 1 with the same random numbers each time. */
export function fixedAnswers(
  sampler: Sampler,
  prompts: EvaluationPrompt[],
  config: RunConfig,
  tokenizer: ChatTokenizer,
  environment: Environment | null,
): Answered[] {
  const streams = prompts.map((_, i) => `${config.seed}/fixed/${i}`);
  const asked = prompts.map(({ ids, ...prompt }) => ({ ...prompt, promptIds: ids }));
  return answersTo(asked, streams, sampler, tokenizer, { maxLength: config.sampleLength, temperature: 1, environment })
    .answers;
}

interface Judged {
  texts: string[];
  judged: (number | null)[];
}

/** Of the answers that both sides have a score of. */
const comparisons = (own: Judged, other: Judged) =>
  own.judged.flatMap((score, i) => {
    const against = other.judged[i]!;
    if (score === null || against === null) return [];
    return [{ preferred: win(score, against), length: own.texts[i]!.length, otherLength: other.texts[i]!.length }];
  });

function atEqualLength(compared: ReturnType<typeof comparisons>): Stats {
  if (compared.length < fewestCompared) return {};
  const { winRate, error } = lengthControlled(compared);
  if (!Number.isFinite(error)) return {};
  const name = "on_policy/length_controlled_win_rate";
  return { [name]: winRate, [`${name}_se`]: error };
}

export const win = (own: number, other: number) => (own > other ? 1 : own === other ? 0.5 : 0);

/** Their mean and its standard error. */
export function meanOf(values: number[]): { mean: number; se: number } {
  const [sum, squares] = [values.reduce((a, b) => a + b, 0), values.reduce((a, b) => a + b * b, 0)];
  return { mean: mean(values), se: standardErrorOf({ sum, count: values.length, squares }) };
}

/** Σ_t KL(π(·|context_t) ‖ π_ref(·|context_t)) along each answer, 0 where there is no reference, and Σ_t of π's entropy. In nats. → [2, B] */
function klAndEntropy(
  model: Model,
  policy: Adapter | null,
  reference: FrozenPolicy | null,
  batch: TokenBatch,
): tf.Tensor2D {
  const policyStates = answerStates(model, policy, batch); // [B·C, d]
  const speaker = { model, adapter: policy };
  const { entropy } = scoresOf(policyStates, speaker, batch);
  const perToken =
    reference === null
      ? tf.zerosLike<tf.Tensor2D>(batch.mask)
      : klOf([policyStates, speaker], [answerStates(reference.model, reference.adapter, batch), reference], batch);
  return tf.stack([sumOfScored(perToken, batch), sumOfScored(entropy, batch)]) as tf.Tensor2D;
}

function read(program: (batch: TokenBatch) => tf.Tensor2D, answers: Answered[], pad: number): [number[], number[]] {
  const batch = tokenBatch(
    answers.map((answer) => [sequence(answer)]),
    pad,
  );
  const result = program(batch);
  const rows = result.arraySync();
  free([result, batch]);
  return rows as [number[], number[]];
}

/** Runs of n neighbouring tokens. */
const runsOf = (n: number, ids: number[]) => ids.slice(n - 1).map((_, t) => ids.slice(t, t + n).join());

/** Different ones among all (distinct-n, Li et al. 2016, arXiv 1510.03055); 1 where none repeats. */
const distinct = (runs: string[]) => (runs.length === 0 ? 1 : new Set(runs).size / runs.length);

function withError<Name extends "kl" | "reward" | "gold" | "win_rate" | "length">(
  name: `on_policy/${Name}`,
  values: number[],
): Stats {
  const { mean, se } = meanOf(values);
  return { [name]: mean, [`${name}_se`]: se };
}
