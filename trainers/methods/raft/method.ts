// RAFT: in each round the best of several answers to each prompt is learnt from as SFT learns. The choice in best.ts, the loss SFT's.
import { type RaftConfig, raft as spec } from "../../../spec/methods/raft";
import { mean } from "../../../spec/statistics";
import { promptRows, withLongestAnswer } from "../../data/prompt-rows";
import type { Tokens } from "../../data/tokenize";
import type { TokenBatch } from "../../inference/batches";
import { type Answered, sequence } from "../../rewards/answered";
import type { Candidates } from "../../rewards/judges";
import { givenScores, partStats, type Reward } from "../../rewards/rewards";
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
          `round ${round + 1} kept no answer: all were truncated or had no reward${options.minReward === null ? "" : `, or scored less than raft.minReward, ${options.minReward}`}`,
        );
      const { batches } = sftOn(kept.map(({ answer }) => answer));
      const steps = Math.ceil((kept.length * options.epochs) / spec.rowsPerStep(config)); // where little was kept, the round's other steps are skipped
      return { method: { batches: (step: number, pad: number) => (step < steps ? batches(step, pad) : []) }, stats };
    }

    const sample = candidatesOfRounds(setup, config, options, dataset.train);
    return { ...methodOfRounds(options, spec.stepsPerRollout(config), sample, begin, sftOn([]).loss), reward };
  },
};

/** What of a round is learnt from. An answer that every part of the reward abstains from is not. */
export function keptOf(candidates: Candidates[], reward: Reward, least: number | null) {
  const answers = candidates.flatMap(({ answers }) => answers);
  const scored = reward(answers);
  const scores = givenScores(answers, scored);
  const judged = ({ whole }: Candidates) => ({ whole: whole.filter((answer) => scores.has(answer)) });
  const kept = candidates.flatMap<Kept>((own) => bestOf(judged(own), (answer) => scores.get(answer)!, least) ?? []);
  const stats = {
    "objective/scores": mean([...scores.values()]),
    "objective/kept_scores": mean(kept.map(({ score }) => score)),
    "objective/kept": kept.length,
    ...partStats(scored),
  };
  return { kept, stats };
}
