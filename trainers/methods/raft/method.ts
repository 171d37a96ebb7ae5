// RAFT: in each round the best of several answers to each prompt is learnt from as SFT learns. The choice in best.ts, the loss SFT's.
import { type RaftConfig, raft as spec } from "../../../spec/methods/raft";
import { mean } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/method-rows";
import type { Tokens } from "../../data/tokenize";
import type { TokenBatch } from "../../inference/batches";
import { type Answered, sequence } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import { partStats, type Reward } from "../../rewards/rewards";
import type { Training } from "../method";
import { sft } from "../sft/method";
import { candidatesOfRounds, methodOfRounds } from "../shared/rounds";
import { bestOf, type Kept } from "./best";

export const raft: Training<RaftConfig, Tokens, TokenBatch> = {
  readRows: promptRows,
  sequences: (prompt, { raft }) => [withLongestAnswer(prompt, raft.maxCompletionLength)],
  create(setup, config, dataset) {
    const options = config.raft;
    const reward = setup.createReward(options.reward, options.normalizeReward);
    const sftOn = (answers: Answered[]) =>
      sft.create(
        setup,
        { ...config, method: "sft", sft: { completionOnlyLoss: true, fromScratch: false } },
        {
          train: answers.map((answer) => ({
            tokens: sequence(answer),
            prompt: answer.prompt,
            promptIds: answer.query,
          })),
          heldOut: [],
          notes: [],
        },
      );

    async function begin(round: number, candidates: Candidates[]) {
      const { kept, stats } = keptOf(candidates, reward, options.minReward);
      if (kept.length === 0)
        throw new Error(
          `round ${round + 1} kept no answer: all were truncated${options.minReward === null ? "" : `, or scored less than raft.minReward, ${options.minReward}`}`,
        );
      return { method: sftOn(kept.map(({ answer }) => answer)), stats };
    }

    const sample = candidatesOfRounds(setup, config, options, dataset.train);
    return { ...methodOfRounds(options, spec.stepsPerRollout(config), sample, begin, sftOn([]).loss), reward };
  },
};

function keptOf(candidates: Candidates[], reward: Reward, least: number | null) {
  const answers = candidates.flatMap(({ answers }) => answers);
  const scored = reward(answers);
  const scores = new Map(answers.map((answer, i) => [answer, scored.scores[i]!]));
  const kept = candidates.flatMap<Kept>((own) => bestOf(own, (answer) => scores.get(answer)!, least) ?? []);
  const stats = {
    "objective/scores": mean(scored.scores),
    "objective/kept_scores": mean(kept.map(({ score }) => score)),
    "objective/kept": kept.length,
    ...partStats(scored),
  };
  return { kept, stats };
}
