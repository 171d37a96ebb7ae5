// `workbench score-pairs`: what a reward model says of pairs, so that a queue may bring those first of which it is unsure, or most sure.
import { say } from "../../common/command-line";
import { isHttp } from "../../spec/http-address";
import type { PairToScore, ScoredPair } from "../../spec/reports";
import { readBaseQuantisation } from "../adapters/base-quantisation";
import { chunks } from "../data/row-batches";
import { promptIds, type Tokens, tokenizeAnswer } from "../data/tokenize";
import { loadModel, readModel } from "../models/load";
import { remoteRewards } from "./remote";
import { openRewardModel, type RowScorer } from "./reward-model";

/** Longest conversation that is scored, in tokens. A cut one would be read at a token that the reward model was not trained at. */
export const longestScored = 2048;
const atOnce = 16;

/** Gets a batch of scores, and how many pairs are done. */
type Take = (scored: ScoredPair[], done: number) => void;

/**
 * Scores both answers of each pair by the reward model in `folder`: a run's, on the model that it was trained on, or a model of its own; or by the program
 * at an address, which is shown them in the model's template. `take` gets each batch. Pairs are left out
 * that are too long, or that the chat template refuses.
 */
export async function scorePairs(source: string, folder: string, pairs: PairToScore[], take: Take): Promise<void> {
  if (isHttp(folder)) return scoreRemotely(source, folder, pairs, take);
  const { model, tokenizer } = await loadModel({ source, dtype: "float32", ...readBaseQuantisation(folder) });
  const scorer = openRewardModel(folder, model, tokenizer);
  const rows = rendered(pairs, scorer.row);
  const most = Math.min(longestScored, scorer.longest);
  const fitting = rows.filter(({ answers }) => answers.every(({ input_ids }) => input_ids.length <= most));
  const lengthOf = ({ answers }: RenderedPair) => Math.max(...answers.map(({ input_ids }) => input_ids.length));
  fitting.sort((a, b) => lengthOf(a) - lengthOf(b)); // rows of like length share a batch
  let done = 0;
  for (const batch of chunks(fitting, atOnce)) {
    const scores = scorer.score(batch.flatMap(({ answers }) => answers));
    done += batch.length;
    take(scoresOf(batch, scores), done);
  }
}

interface RenderedPair {
  id: number;
  answers: Tokens[];
}

/** Both answers of each pair as whole rows. */
const rendered = (pairs: PairToScore[], row: RowScorer["row"]): RenderedPair[] =>
  pairs.flatMap(({ id, prompt, first, second }) => {
    try {
      const answers = [first, second].map((content) => row(prompt, [{ role: "assistant", content }]));
      return [{ id, answers }];
    } catch (error) {
      say(`pair ${id}: ${(error as Error).message}`);
      return [];
    }
  });

async function scoreRemotely(source: string, address: string, pairs: PairToScore[], take: Take): Promise<void> {
  const { tokenizer } = await readModel(source);
  const ask = remoteRewards(address);
  let done = 0;
  const rows = rendered(pairs, (prompt, answer) => tokenizeAnswer(tokenizer, prompt, answer));
  for (const batch of chunks(rows, atOnce)) {
    const scores = ask(
      batch
        .flatMap(({ answers }) => answers)
        .map((row) => ({ prompt: tokenizer.exact(promptIds(row)), query: tokenizer.exact(row.input_ids) })),
    );
    done += batch.length;
    const missing = scores.indexOf(null);
    if (missing >= 0)
      throw new Error(
        `the reward server at ${address} has no reward for a completion of pair ${batch[Math.floor(missing / 2)]!.id}`,
      );
    take(scoresOf(batch, scores as number[]), done);
  }
}

const scoresOf = (batch: RenderedPair[], scores: number[]): ScoredPair[] =>
  batch.map(({ id }, i) => ({ id, first: scores[2 * i]!, second: scores[2 * i + 1]! }));
