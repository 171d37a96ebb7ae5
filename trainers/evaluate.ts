// What the policy does now: held-out rows under the method's own loss, and answers it writes itself to fixed prompts.
import { mean } from "../lib/statistics";
import { type TokenBatch, tokenBatch } from "./batches";
import type { RunConfig } from "./config";
import type { Text } from "./data/rows";
import { positionKl } from "./engine/head";
import { compile, free, type Tree } from "./engine/jit/compile";
import type { tf } from "./engine/tensorflow";
import { means, measure, type Stats, standardErrorOf, type Tally, tally } from "./gradients";
import { sumOfScored } from "./losses/answers";
import type { Method, MicroBatch } from "./method";
import { confidenceBuckets, withInterval } from "./metrics";
import type { Adapter } from "./models/lora";
import type { ChatTokenizer } from "./models/tokenizer";
import type { Model } from "./models/transformer";
import { answerStates } from "./policy";
import { type Completion, createSampler } from "./sampling";
import { goldRewardFor } from "./tasks/reviews";

/** Measures batches off the tape, compiled once per shape. */
export function createMeter<Batch extends Tree>(method: Method<Batch>): (batches: MicroBatch<Batch>[]) => Tally {
  const measured = compile((batch: Batch) => {
    const { loss, stats, heldOut } = method.loss(batch);
    return measure({ loss, stats: { ...stats, ...heldOut } });
  });
  return (batches) => {
    const totals: Tally = new Map();
    for (const { weight, build } of batches) {
      const batch = build();
      tally(totals, measured(batch), weight);
      free(batch);
    }
    return totals;
  };
}

/** The means over held-out rows, as `eval_…`, and the standard errors of some. */
export function heldOutStats(totals: Tally): Stats {
  const errors = withInterval.flatMap((name) => {
    const total = totals.get(name);
    return total ? [[`eval_${name}_se`, standardErrorOf(total)]] : [];
  });
  const found = Object.entries(means(totals)).map(([name, mean]) => [`eval_${name}`, mean]);
  return Object.fromEntries([...found, ...errors, ...calibrationStats(totals)]);
}

/** Pairs in each tenth of confidence, and the expected calibration error over all (Guo et al. 2017, arXiv 1706.04599, equation 3). */
function calibrationStats(totals: Tally): [string, number][] {
  const filled = confidenceBuckets.flatMap((name) => {
    const [right, confidence] = [totals.get(`calibration/${name}`), totals.get(`confidence/${name}`)];
    return right && confidence && right.count > 0
      ? [{ name, pairs: right.count, off: right.sum - confidence.sum }]
      : [];
  });
  if (filled.length === 0) return [];
  const pairs = filled.reduce((sum, bucket) => sum + bucket.pairs, 0);
  const error = filled.reduce((sum, { off }) => sum + Math.abs(off), 0) / pairs;
  return [
    ["eval_calibration/error", error],
    ...filled.map((bucket): [string, number] => [`eval_calibration_pairs/${bucket.name}`, bucket.pairs]),
  ];
}

/** Mean and deviation of a reward model's scores, by which they are brought to 0 and 1 where they are used (PPO detail 9). */
export function rewardScale(totals: Tally): { mean: number; deviation: number; answers: number } {
  const { sum, count, squares } = totals.get("mean_reward")!;
  return { mean: sum / count, deviation: Math.sqrt(squares / count - (sum / count) ** 2), answers: count };
}

export interface FixedPrompt {
  prompt: Text;
  ids: number[];
}
export interface Answer {
  prompt: Text;
  answer: string;
  tokens: number;
  /** Exact KL to the reference over this answer, nats. */
  kl: number;
  gold: number | null;
}

interface Speaker {
  model: Model;
  policy: Adapter | null;
  /** What the KL is to: the method's reference, or the base. Undefined where every weight is trained and the base is gone: no KL then. */
  reference: Adapter | null | undefined;
  tokenizer: ChatTokenizer;
}

/** Answers prompts at temperature 1 with the same random numbers each time, and reads the KL off those answers. Compiled once. */
export function createSpeaker({ model, policy, reference, tokenizer }: Speaker) {
  const { eos, pad } = tokenizer;
  const sampler = createSampler(model, policy);
  const klOf = compile((batch: TokenBatch) => sequenceKl(model, policy, reference ?? null, batch));

  return (prompts: FixedPrompt[], { seed, sampleLength }: RunConfig): { answers: Answer[]; stats: Stats } => {
    const streams = prompts.map((_, i) => `${seed}/fixed/${i}`);
    const ids = prompts.map((prompt) => prompt.ids);
    const completions = sampler(ids, { maxNewTokens: sampleLength, temperature: 1, eos, pad, streams });
    const kl = reference === undefined ? prompts.map(() => 0) : read(klOf, spokenBatch(ids, completions, pad));
    const answers = prompts.map(({ prompt }, i) => {
      const answer = tokenizer.decode(completions[i]!.ids).trim();
      return { prompt, answer, tokens: completions[i]!.ids.length, kl: kl[i]!, gold: goldRewardFor(prompt, answer) };
    });
    const gold = answers.flatMap((a) => (a.gold === null ? [] : [a.gold]));
    const lengths = answers.map((a) => a.tokens);
    return {
      answers,
      stats: {
        ...(reference !== undefined && { "on_policy/kl": mean(kl), "on_policy/kl_se": standardError(kl) }),
        ...(gold.length > 0 && { "on_policy/gold": mean(gold), "on_policy/gold_se": standardError(gold) }),
        "on_policy/length": mean(lengths),
        "on_policy/length_se": standardError(lengths),
        "on_policy/distinct_2": distinctPairs(completions.map((c) => c.ids)),
        "on_policy/ended": mean(completions.map((c) => (c.ended ? 1 : 0))),
      },
    };
  };
}

/** Σ_t KL(π(·|context_t) ‖ π_ref(·|context_t)) along each answer, in nats. → [B] */
function sequenceKl(model: Model, policy: Adapter | null, reference: Adapter | null, batch: TokenBatch): tf.Tensor1D {
  const states = (adapter: Adapter | null) => answerStates(model, adapter, batch); // [B·C, d]
  const perToken = positionKl(states(policy), states(reference), model.weights.head); // [B·C]
  return sumOfScored(perToken.reshape(batch.mask.shape), batch);
}

/** Each prompt with what was said to it, every token of which is scored. */
function spokenBatch(prompts: number[][], completions: Completion[], pad: number): TokenBatch {
  const groups = prompts.map((prompt, i) => {
    const { ids } = completions[i]!;
    return [{ input_ids: [...prompt, ...ids], completion_mask: [...prompt.map(() => 0), ...ids.map(() => 1)] }];
  });
  return tokenBatch(groups, pad);
}

/** Runs a program on a batch, reads the result and frees both. */
function read(program: (batch: TokenBatch) => tf.Tensor, batch: TokenBatch): number[] {
  const result = program(batch);
  const values = [...result.dataSync()];
  free([result, batch]);
  return values;
}

/** Different neighbours among all neighbouring tokens of the answers (distinct-2, Li et al. 2016, arXiv 1510.03055); 1 where none repeats. */
function distinctPairs(answers: number[][]): number {
  const neighbours = answers.flatMap((ids) => ids.slice(1).map((id, t) => `${ids[t]},${id}`));
  return neighbours.length === 0 ? 1 : new Set(neighbours).size / neighbours.length;
}

const standardError = (values: number[]) =>
  standardErrorOf({
    sum: values.reduce((a, b) => a + b, 0),
    count: values.length,
    squares: values.reduce((a, b) => a + b * b, 0),
  });
