// Iterative DPO (Xu et al. 2023, arXiv 2312.16682; Xiong et al. 2024, arXiv 2312.11456): the policy answers each prompt several times, a judge
// takes the best and the worst, one round of DPO learns from them, and again. The loss is DPO's own.
import { mean } from "../../lib/statistics";
import type { IterativeDpoConfig } from "../config";
import { batchRows, type Dataset, type Example } from "../data/dataset";
import { nearDuplicates } from "../data/min-hash";
import type { PairTokens } from "../data/tokenize";
import type { Context } from "../method";
import type { MetricRow } from "../metrics";
import type { Adapter } from "../models/lora";
import type { ChatTokenizer } from "../models/tokenizer";
import { createReference, memoryCache } from "../reference";
import { type Answered, partStats, type Reward, sequence } from "../rewards";
import { createSampler } from "../sampling";
import { dpo } from "./dpo";

export interface RoundRoles {
  judge: Reward;
  /** Null is the base with adapters off. */
  reference: Adapter | null;
  /** Brings the reference to where the policy stands; does nothing where it stays the initial one. */
  moveReference(): void;
  tokenizer: ChatTokenizer;
}

interface Round {
  pairs: Example<PairTokens>[];
  stats: Partial<MetricRow>;
}

export function iterativeDpo(
  context: Context,
  { judge, reference, moveReference, tokenizer }: RoundRoles,
  config: IterativeDpoConfig,
  dataset: Dataset<unknown>,
): ReturnType<typeof dpo> {
  const { model, policy, pad } = context;
  const { iterativeDpo: options, batchSize, gradientAccumulation, data, seed } = config;
  const perRound = Math.ceil((options.promptsPerRound * options.epochs) / (batchSize * gradientAccumulation));
  const cache = memoryCache();
  const scorer = createReference({ model, adapter: reference, cache, pad });
  const sampler = createSampler(model, policy);
  const over = (train: Example<PairTokens>[]) =>
    dpo(
      context,
      scorer,
      { ...config, method: "dpo", reference: "base", dpo: options.dpo },
      { train, heldOut: [], notes: [] },
    );
  let current: { round: number; method: ReturnType<typeof over>; stats: Round["stats"] } | null = null;

  function roundOf(round: number) {
    if (current?.round === round) return current;
    moveReference();
    cache.clear();
    const { pairs, stats } = collect(round);
    if (pairs.length === 0)
      throw new Error(`round ${round + 1} gave no pair: the judge ties all answers to each prompt, or all were cut`);
    current = { round, method: over(pairs), stats };
    return current;
  }

  /** Answers of the policy as it stands, judged; a pair of each prompt. */
  function collect(round: number): Round {
    const prompts = batchRows(dataset.train, options.promptsPerRound, round, data.order, seed);
    const asked = prompts.flatMap((prompt, i) => Array.from({ length: options.samples }, (_, k) => ({ prompt, i, k })));
    const completions = sampler(
      asked.map(({ prompt }) => prompt.promptIds),
      {
        maxNewTokens: options.responseLength,
        temperature: options.temperature,
        eos: tokenizer.eos,
        pad,
        streams: asked.map(({ i, k }) => `${seed}/round/${round}/${i}/${k}`),
      },
    );
    const answers = asked.map(({ prompt }, at): Answered => {
      return { prompt: prompt.prompt, query: prompt.promptIds, response: completions[at]!.ids };
    });
    const judged = judge(answers);
    const { scores } = judged;
    const candidates = answers.map((answer, at) => ({ answer, score: scores[at]!, whole: completions[at]!.ended }));
    const pairs = prompts.flatMap((_, i) => {
      const own = candidates.slice(i * options.samples, (i + 1) * options.samples).filter(({ whole }) => whole);
      return bestAndWorst(own);
    });
    return {
      pairs: pairs.map(({ chosen, rejected, prompt, query }) => ({
        tokens: { chosen, rejected },
        prompt,
        promptIds: query,
      })),
      stats: {
        round: round + 1,
        "objective/scores": mean(scores),
        ...partStats(judged),
        "objective/length": mean(answers.map(({ response }) => response.length)),
        "objective/pairs": pairs.length,
        "objective/score_gap": pairs.length === 0 ? 0 : mean(pairs.map(({ gap }) => gap)),
      },
    };
  }

  return {
    ...over([]),
    cycle: perRound,
    steps: options.rounds * perRound,
    batches: (step) => roundOf(Math.floor(step / perRound)).method.batches(step % perRound),
    heldOut: () => [],
    about: (step) => roundOf(Math.floor(step / perRound)).stats,
  };
}

/** None where the judge ties all, or where best and worst are nearly the same text. */
function bestAndWorst(candidates: { answer: Answered; score: number }[]) {
  const sorted = candidates.toSorted((a, b) => b.score - a.score);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (!best || !worst || best.score === worst.score) return [];
  if (nearDuplicates([best.answer.response, worst.answer.response]) > 0) return [];
  const { prompt, query } = best.answer;
  return [
    { chosen: sequence(best.answer), rejected: sequence(worst.answer), prompt, query, gap: best.score - worst.score },
  ];
}
