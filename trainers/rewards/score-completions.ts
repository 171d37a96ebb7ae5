// The reward of a run, for a program that samples by itself: completions as ids in, the numbers that the run learns from out.
import { z } from "zod";
import { say } from "../../common/command-line";
import { message } from "../../spec/chat";
import { rewardSource } from "../../spec/fields/rewards";
import { type Sampled, samplingOf } from "../../spec/methods/sampling-of";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { tokenizePrompt } from "../data/tokenize";
import { loadModel, readModel } from "../models/load";
import type { Model } from "../models/model";
import { standsOnPolicyBase } from "../models/scorer-config";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Answered } from "./answered";
import { loadLanguages } from "./language-rule";
import { learntScores } from "./learnt-scores";
import { createReward, partStats } from "./rewards";

export const completion = z.object({
  prompt: z.union([z.string(), z.array(message)]),
  /** With EOS where the model ended by itself. */
  completion_ids: z.array(z.int()).min(1),
  truth: z.string().optional(),
  columns: z.record(z.string(), z.unknown()).optional(),
});

export interface ScoredCompletions {
  /** Null for a completion that has no reward. */
  scores: (number | null)[];
  /** Means, by the names of their metrics. */
  parts: Partial<MetricRow>;
}

/** Scores a list of completions as the run would. A function of the run's own works, and is kept, in `folder`. */
export async function completionScorer(
  config: Sampled,
  folder: string,
): Promise<(asked: unknown) => ScoredCompletions> {
  const options = samplingOf(config);
  const source = rewardSource.parse(options.reward);
  if (source.rules.language) await loadLanguages();
  const { model, tokenizer } = await loaded(config);
  const reward = createReward(source, options.normalizeReward, model, tokenizer, {
    output: folder,
    note: say,
    waiting: null,
  });
  return (asked) => {
    const answers = z
      .array(completion)
      .parse(asked)
      .map((one) => answerOf(tokenizer, one));
    const scored = reward(answers);
    const scores = learntScores(answers, scored, options, tokenizer.ends).map(({ score, abstained }) =>
      abstained ? null : score,
    );
    return { scores, parts: partStats(scored) };
  };
}

/** The weights only where a reward model stands on them. */
async function loaded(config: Sampled): Promise<{ model: Model | null; tokenizer: ChatTokenizer }> {
  const { model } = config;
  if ([samplingOf(config).reward.model ?? []].flat().some(standsOnPolicyBase)) return loadModel(model);
  return { model: null, tokenizer: (await readModel(model.source)).tokenizer };
}

const answerOf = (
  tokenizer: ChatTokenizer,
  { prompt, completion_ids, truth, columns }: z.infer<typeof completion>,
): Answered => ({
  ...{ prompt, query: tokenizePrompt(tokenizer, prompt), response: completion_ids },
  ...(truth !== undefined && { truth }),
  ...(columns && { columns }),
});
