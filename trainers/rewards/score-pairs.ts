// `workbench score-pairs`: what a reward model says of pairs, so that a queue may bring those first of which it is unsure, or most sure.
import { say } from "../../common/command-line";
import type { PairToScore, ScoredPair } from "../../spec/reports";
import { chunks } from "../data/row-batches";
import { tokenizeAnswer } from "../data/tokenize";
import { loadModel } from "../models/load";
import { openRewardModel } from "./reward-model";

/** Longest conversation that is scored, in tokens. A cut one would be read at a token that the reward model was not trained at. */
const longest = 2048;
const atOnce = 16;

/**
 * Scores both answers of each pair by the reward model in `folder`: a run's, on the model that it was trained on, or a model of its own. `take` gets each batch. Pairs are left out
 * that are too long, or that the chat template refuses.
 */
export async function scorePairs(
  source: string,
  folder: string,
  pairs: PairToScore[],
  take: (scored: ScoredPair[], done: number) => void,
): Promise<void> {
  const { model, tokenizer } = await loadModel({ source, dtype: "float32" });
  const scorer = openRewardModel(folder, model, tokenizer);
  const rows = pairs.flatMap(({ id, prompt, first, second }) => {
    try {
      const answers = [first, second].map((content) =>
        tokenizeAnswer(scorer.tokenizer, prompt, [{ role: "assistant", content }]),
      );
      return [{ id, answers }];
    } catch (error) {
      say(`pair ${id}: ${(error as Error).message}`);
      return [];
    }
  });
  const most = Math.min(longest, scorer.longest);
  const fitting = rows.filter(({ answers }) => answers.every(({ input_ids }) => input_ids.length <= most));
  const lengthOf = ({ answers }: (typeof rows)[number]) =>
    Math.max(...answers.map(({ input_ids }) => input_ids.length));
  fitting.sort((a, b) => lengthOf(a) - lengthOf(b)); // rows of like length share a batch
  let done = 0;
  for (const batch of chunks(fitting, atOnce)) {
    const scores = scorer.score(batch.flatMap(({ answers }) => answers));
    done += batch.length;
    take(
      batch.map(({ id }, i) => ({ id, first: scores[2 * i]!, second: scores[2 * i + 1]! })),
      done,
    );
  }
}
