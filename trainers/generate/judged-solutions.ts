// A policy that writes solutions, and what judges them: of commands that make pairs of steps.
import { Refusal } from "../../common/command-line";
import type { Message } from "../../spec/chat";
import type { StepPairsConfig } from "../../spec/config";
import type { StepPair } from "../../spec/reports";
import { loadBase, readPolicy } from "../inference/frozen-policy";
import { createSampler, type Sampler } from "../inference/sampling";
import type { ChatTokenizer } from "../models/tokenizer";
import { answered } from "../rewards/answered";
import { taskReward } from "../rewards/gold/tasks";
import { loadLanguages } from "../rewards/language-rule";
import { createReward, givenScores } from "../rewards/rewards";

/** What is asked, and the ids after which the model is to answer. */
export interface Asked {
  prompt: Message[];
  promptIds: number[];
  /** The right answer, where a rule compares with it. */
  truth?: string;
}

export interface Judged {
  sampler: Sampler;
  tokenizer: ChatTokenizer;
  /** Of solutions to one prompt; null where the reward abstains. */
  scoresOf(asked: Asked, texts: string[]): (number | null)[];
}

export async function openJudged(config: Pick<StepPairsConfig, "model" | "adapter" | "reward">): Promise<Judged> {
  if (config.reward.rules.language) await loadLanguages();
  const { model, tokenizer } = await loadBase(config.model, [config.adapter]);
  const policy = config.adapter ? await readPolicy(config.adapter, model) : { model, adapter: null };
  const reward = createReward(config.reward, false, model, tokenizer);
  return {
    sampler: createSampler(policy.model, policy.adapter),
    tokenizer,
    scoresOf(asked, texts) {
      if (texts.length === 0) return [];
      const answers = texts.map((text) => answered(asked, tokenizer.encode(text)));
      const scores = givenScores(answers, reward(answers));
      return answers.map((answer) => scores.get(answer) ?? null);
    },
  };
}

/** Said before a model is loaded: an oracle judges prompts of its own task alone. */
export function requireKnown(
  { gold }: StepPairsConfig["reward"],
  records: { name: string; prompt: Message[] }[],
): void {
  const other = gold && records.find(({ prompt }) => taskReward(gold, prompt, "") === null);
  if (other)
    throw new Refusal(
      `the oracle of ${gold} knows its own prompts only, and that of ${other.name} is none of them; judge by a rule or a reward model`,
    );
}

/** A row of Step-DPO: two steps after the same ones. */
export function stepPairOf(prompt: Message[], before: string, chosen: string, rejected: string): StepPair {
  const answer = (step: string): StepPair["chosen"] => [{ role: "assistant", content: step.trimEnd() }];
  return { prompt, initial_reason_steps: before, chosen: answer(chosen), rejected: answer(rejected) };
}
