// `workbench score-pairs`: what a reward model says of pairs, so that a queue may bring those first of which it is unsure, or most sure.
import type { Message } from "../../spec/chat";
import { isHttp, shownAddress } from "../../spec/http-address";
import type { PairLeft, PairToScore, ScoredPair } from "../../spec/reports";
import { readBaseQuantisation } from "../adapters/base-quantisation";
import { chunks } from "../data/row-batches";
import { promptIds, type Tokens, tokenizeAnswer } from "../data/tokenize";
import { loadModel, readModel } from "../models/load";
import { remoteRewards } from "./remote";
import { openRewardModel, type RowScorer } from "./reward-model";

/** Longest conversation that is scored, in tokens. A cut one would be read at a token that the reward model was not trained at. */
export const longestScored = 2048;
const atOnce = 16;

/** Gets a batch of scores, and those of its pairs that are left without. */
type Take = (scored: ScoredPair[], left: PairLeft[]) => void;

/**
 * Scores both answers of each pair by the reward model in `folder`: a run's, on the model that it was trained on, or a model of its own; or by the program
 * at an address, which is shown them in the model's template and sent `key`. `take` gets each batch. Pairs are left out
 * that are too long, that the chat template refuses, or for which the program has no reward.
 */
export async function scorePairs(
  source: string,
  folder: string,
  pairs: PairToScore[],
  take: Take,
  key: string | null = null,
): Promise<void> {
  if (isHttp(folder)) return scoreRemotely(source, folder, pairs, take, key);
  const { model, tokenizer } = await loadModel({ source, dtype: "float32", ...readBaseQuantisation(folder) });
  const scorer = openRewardModel(folder, model, tokenizer);
  const rows = rendered(pairs, scorer.row, take);
  const most = Math.min(longestScored, scorer.longest);
  const lengthOf = ({ answers }: RenderedPair) => Math.max(...answers.map(({ input_ids }) => input_ids.length));
  const tooLong = rows.filter((row) => lengthOf(row) > most);
  const whyLeft = (row: RenderedPair) => `it has ${lengthOf(row)} tokens, and at most ${most} are scored`;
  if (tooLong.length > 0)
    take(
      [],
      tooLong.map((row) => ({ id: row.id, why: whyLeft(row) })),
    );
  const fitting = rows.filter((row) => lengthOf(row) <= most);
  fitting.sort((a, b) => lengthOf(a) - lengthOf(b)); // rows of like length share a batch
  for (const batch of chunks(fitting, atOnce))
    take(scoresOf(batch, scorer.score(batch.flatMap(({ answers }) => answers))), []);
}

interface RenderedPair {
  id: number;
  prompt: Message[];
  answers: Tokens[];
}

/** Both answers of each pair as whole rows. */
function rendered(pairs: PairToScore[], row: RowScorer["row"], take: Take): RenderedPair[] {
  const refused: PairLeft[] = [];
  const rows = pairs.flatMap(({ id, prompt, first, second }) => {
    try {
      const answers = [first, second].map((content) => row(prompt, [{ role: "assistant", content }]));
      return [{ id, prompt, answers }];
    } catch (error) {
      refused.push({ id, why: (error as Error).message });
      return [];
    }
  });
  if (refused.length > 0) take([], refused);
  return rows;
}

async function scoreRemotely(
  source: string,
  address: string,
  pairs: PairToScore[],
  take: Take,
  key: string | null,
): Promise<void> {
  const { tokenizer } = await readModel(source);
  const ask = remoteRewards(address, { key });
  const asked = ({ prompt, answers }: RenderedPair) =>
    answers.map((tokens) => ({
      prompt: tokenizer.exact(promptIds(tokens)),
      query: tokenizer.exact(tokens.input_ids),
      row: { prompt },
    }));
  for (const batch of chunks(
    rendered(pairs, (...row) => tokenizeAnswer(tokenizer, ...row), take),
    atOnce,
  )) {
    const scores = aboutRecords(batch, () => ask(batch.flatMap(asked)));
    const isLeft = (i: number) => scores[2 * i] === null || scores[2 * i + 1] === null;
    take(
      scoresOf(batch, scores as number[]).filter((_, i) => !isLeft(i)),
      batch.filter((_, i) => isLeft(i)).map(({ id }) => ({ id, why: `${shownAddress(address)} has no reward for it` })),
    );
  }
}

const scoresOf = (batch: RenderedPair[], scores: number[]): ScoredPair[] =>
  batch.map(({ id }, i) => ({ id, first: scores[2 * i]!, second: scores[2 * i + 1]! }));

/** An error of `work` says about which records. */
function aboutRecords<Result>(batch: RenderedPair[], work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const ids = batch.map(({ id }) => id).join(", ");
    throw new Error(`record${batch.length > 1 ? "s" : ""} ${ids}: ${(cause as Error).message}`, { cause });
  }
}
