// `workbench score`: what a reward model says of pairs, so that a queue may bring those first of which it is unsure, or most sure.
import { chunks } from "./data/dataset";
import { answerIds, promptIds, tokenizePair } from "./data/tokenize";
import { loadModel } from "./models/load";
import type { Message } from "./models/tokenizer";
import { createReward } from "./online/rewards";
import { rewardSource } from "./options/rewards";

export interface ScoredPair {
  id: number;
  first: number;
  second: number;
}

/** Longest conversation that is read, in tokens; longer ones are cut on the right. */
const longest = 2048;
const atOnce = 16;

/** Scores both answers of each pair by the reward run in `folder`, on the model it was trained on. `take` gets each batch. */
export async function scorePairs(
  source: string,
  folder: string,
  pairs: { id: number; prompt: Message[]; first: string; second: string }[],
  take: (scored: ScoredPair[], done: number) => void,
): Promise<void> {
  const { model, tokenizer } = await loadModel({ source, dtype: "float32" });
  const reward = createReward(rewardSource.parse({ model: folder }), false, model, tokenizer);
  const said = (content: string): Message[] => [{ role: "assistant", content }];
  const read = pairs.flatMap(({ id, prompt, first, second }) => {
    const tokens = tokenizePair(tokenizer, { prompt, chosen: said(first), rejected: said(second) }, longest);
    return tokens ? [{ id, rows: [tokens.chosen, tokens.rejected] }] : [];
  });
  read.sort((a, b) => a.rows[0]!.input_ids.length - b.rows[0]!.input_ids.length); // rows of like length share a batch
  let done = 0;
  for (const batch of chunks(read, atOnce)) {
    const answers = batch.flatMap(({ rows }) =>
      rows.map((row) => ({ prompt: null, query: promptIds(row), response: answerIds(row) })),
    );
    const { scores } = reward(answers);
    done += batch.length;
    take(
      batch.map(({ id }, i) => ({ id, first: scores[2 * i]!, second: scores[2 * i + 1]! })),
      done,
    );
  }
}
