// What PPO's answers are worth: a trained reward model on the frozen base, or the exact score of a synthetic task.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { tokenBatch } from "./batches";
import type { Text } from "./data/rows";
import type { Tokens } from "./data/tokenize";
import { compile, free } from "./engine/jit/compile";
import { readAdapter } from "./models/lora";
import { readHead } from "./models/score-head";
import type { ChatTokenizer } from "./models/tokenizer";
import type { Model } from "./models/transformer";
import { answerRewards } from "./policy";
import type { RewardSource } from "./sampling-options";
import { goldRewardFor } from "./tasks/reviews";

export interface Answered {
  /** Null where the prompt arrived as ids. */
  prompt: Text | null;
  query: number[];
  /** Up to EOS, which it holds where the model ended by itself. */
  response: number[];
}

/** Scores of answers, one each. */
export type Reward = (answers: Answered[]) => number[];

const scale = z.object({ mean: z.number(), deviation: z.number().positive() });

export function createReward(source: RewardSource, normalize: boolean, model: Model, tokenizer: ChatTokenizer): Reward {
  if (source.model === null) return (answers) => answers.map((answer) => gold(answer, tokenizer));
  const folder = source.model;
  const adapter = readAdapter(folder, model.config);
  const head = readHead(folder, model.config.hiddenSize);
  const file = join(folder, "reward.json");
  const { mean, deviation } =
    normalize && existsSync(file) ? scale.parse(JSON.parse(readFileSync(file, "utf8"))) : { mean: 0, deviation: 1 };
  const score = compile((batch: ReturnType<typeof tokenBatch>) => answerRewards(model, adapter, head, batch));
  return (answers) => {
    const batch = tokenBatch(
      answers.map((answer) => [sequence(answer)]),
      tokenizer.pad,
    );
    const scores = score(batch);
    const values = [...scores.dataSync()].map((value) => (value - mean) / deviation);
    free([batch, scores]);
    return values;
  };
}

/** Query and response in a row, of which the response is scored. */
export const sequence = ({ query, response }: Pick<Answered, "query" | "response">): Tokens => ({
  input_ids: [...query, ...response],
  completion_mask: [...query.map(() => 0), ...response.map(() => 1)],
});

function gold({ prompt, response }: Answered, tokenizer: ChatTokenizer): number {
  const score = prompt === null ? null : goldRewardFor(prompt, tokenizer.decode(response).trim());
  if (score === null)
    throw new Error(`the gold scorer knows film reviews only; ${JSON.stringify(prompt)} asks for something else`);
  return score;
}
