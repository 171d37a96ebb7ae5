// Answers to prompts: single completions, or episodes where an environment replies.
import type { Sampler, SamplingOptions } from "../inference/sampling";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, answered } from "../rewards/answered";
import type { Environment } from "./environment";
import { type Asked, playEpisodes } from "./episodes";

interface Options extends Pick<SamplingOptions, "temperature"> {
  /** Tokens after a prompt at most. */
  maxLength: number;
  environment: Environment | null;
}

/** `streams` name the answers' random numbers, and their episodes. */
export function answersTo(
  asked: Asked[],
  streams: string[],
  sampler: Sampler,
  tokenizer: ChatTokenizer,
  { maxLength, temperature, environment }: Options,
): { answers: Answered[]; logProbs: number[][] } {
  const usual = { maxNewTokens: maxLength, temperature, ends: tokenizer.ends, pad: tokenizer.pad };
  if (environment)
    return playEpisodes(
      asked,
      streams,
      (rows, limits, streams) => sampler(rows, { ...usual, maxNewTokens: Math.max(...limits), limits, streams }),
      environment,
      tokenizer,
      maxLength,
    );
  const queries = asked.map(({ promptIds }) => promptIds);
  const completions = sampler(queries, { ...usual, streams });
  return {
    answers: completions.map(({ ids }, i) => answered(asked[i]!, ids)),
    logProbs: completions.map(({ logProbs }) => logProbs),
  };
}
