// A sampled answer to a prompt, before anything scores it.
import type { Text } from "../../common/rows/rows";
import { type Example, type ForReward, forReward } from "../data/dataset";
import type { Tokens } from "../data/tokenize";

export interface Answered extends ForReward {
  /** Null where the prompt arrived as ids. */
  prompt: Text | null;
  query: number[];
  /** Up to EOS, which it holds where the model ended by itself. */
  response: number[];
}

export const answered = (
  { prompt, promptIds, ...more }: Omit<Example<unknown>, "tokens">,
  response: number[],
): Answered => ({ prompt, query: promptIds, response, ...forReward(more) });

/** Query and response in a row, of which the response is scored. */
export const sequence = ({ query, response }: Pick<Answered, "query" | "response">): Tokens => ({
  input_ids: [...query, ...response],
  completion_mask: [...query.map(() => 0), ...response.map(() => 1)],
});
