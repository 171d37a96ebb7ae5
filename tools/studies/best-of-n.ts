// Best-of-n without training: the base answers each prompt many times, a judge keeps the best of n.

import { rewardSource } from "../../spec/fields/rewards";
import { mean } from "../../spec/statistics";
import { tokenizePrompt } from "../../trainers/data/tokenize";
import { createSampler } from "../../trainers/inference/sampling";
import { loadModel } from "../../trainers/models/load";
import type { Answered } from "../../trainers/rewards/answered";
import { createReward, type Reward } from "../../trainers/rewards/rewards";

export interface BestOfN {
  judge: string;
  /** One curve a judge of this name. */
  curves: Kept[][];
}
/** What is kept of n answers, means over the prompts. */
export interface Kept {
  n: number;
  /** log n − (n − 1)/n, nats: the KL of best-of-n to the base, at most (Beirami et al. 2024, arXiv 2401.01879). */
  kl: number;
  judged: number;
  gold: number;
}

const drawn = 64;
const counts = [1, 2, 4, 8, 16, 32, 64];

/** Chance that the best of n among N is the one of rank i, counted from the worst, 0: C(i, n−1) / C(N, n). */
export function chancesOfBest(n: number, N: number): number[] {
  const chances = Array<number>(N).fill(0);
  chances[N - 1] = n / N;
  for (let i = N - 2; i >= n - 1; i--) chances[i] = (chances[i + 1]! * (i + 1 - (n - 1))) / (i + 1);
  return chances;
}

/** Mean score of what a judge keeps of n answers to a prompt, over all choices of n among those drawn. */
function kept(judged: number[][], gold: number[][]): Kept[] {
  const orders = judged.map((scores) => scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!));
  return counts.map((n) => {
    const chances = chancesOfBest(n, drawn);
    const of = (scores: number[][]) =>
      mean(
        orders.map((order, prompt) =>
          order.reduce((sum, answer, i) => sum + chances[i]! * scores[prompt]![answer]!, 0),
        ),
      );
    return { n, kl: Math.log(n) - (n - 1) / n, judged: of(judged), gold: of(gold) };
  });
}

/** By the oracle score itself, and by each of the reward models. */
export async function bestOfN(prompts: string[], rewardModels: string[]): Promise<BestOfN[]> {
  const { model, tokenizer } = await loadModel({ source: "tiny", dtype: "float32" });
  const sampler = createSampler(model, null);
  const asked = prompts.map((content) => [{ role: "user", content }]);
  const { ends, pad } = tokenizer;
  const answers = asked.map((prompt): Answered[] => {
    const query = tokenizePrompt(tokenizer, prompt);
    const streams = Array.from({ length: drawn }, (_, i) => `best of n/${prompt[0]!.content}/${i}`);
    const options = { maxNewTokens: 64, temperature: 1, ends, pad, streams };
    return sampler(Array<number[]>(drawn).fill(query), options).map(({ ids }) => ({ prompt, query, response: ids }));
  });
  const by = (reward: Reward) => answers.map((own) => reward(own).scores);
  const scoresOf = (source: object) => by(createReward(rewardSource.parse(source), true, model, tokenizer));
  const gold = scoresOf({ gold: "film-reviews" });
  return [
    { judge: "gold", curves: [kept(gold, gold)] },
    { judge: "reward model", curves: rewardModels.map((folder) => kept(scoresOf({ model: folder }), gold)) },
  ];
}
