// A sampled answer to a prompt, before anything scores it.
import type { Message, Text } from "../../spec/chat";
import { sum } from "../../spec/statistics";
import { type Example, type ForReward, forReward } from "../data/dataset";
import { answerText, type Tokens } from "../data/tokenize";

export interface Answered extends ForReward {
  /** Null where the prompt arrived as ids. */
  prompt: Text | null;
  query: number[];
  /** Up to EOS, which it holds where the model ended by itself. */
  response: number[];
  /** Of an answer in several turns, which its environment went on with. */
  episode?: Episode;
}

export interface Episode {
  /** 1 for tokens of the response that the model sampled, 0 for those that its environment gave. */
  own: number[];
  /** What followed the prompt; the last is the model's. */
  turns: Message[];
  /** The environment's rewards, summed; null where what scores the answer is not to see them. */
  reward: number | null;
  /** Whether it ended at a limit, and not because the environment ended it. */
  cut: boolean;
}

export const answered = (
  { prompt, promptIds, ...more }: Omit<Example<unknown>, "tokens">,
  response: number[],
): Answered => ({ prompt, query: promptIds, response, ...forReward(more) });

type Sampled = Pick<Answered, "response" | "episode">;
type InTurns = Pick<Answered, "episode">;

/** Whether the model ended it, and no limit did. */
export const endedByItself = ({ response, episode }: Sampled, ends: ReadonlySet<number>): boolean =>
  ends.has(response.at(-1)!) && !episode?.cut;

/** Whether an environment gave token `t` of the response. Past its end there are none. */
export const isGiven = ({ episode }: InTurns, t: number): boolean => episode?.own[t] === 0;

/** Tokens of the response that the model sampled. */
export const ownLength = ({ response, episode }: Sampled): number => (episode ? sum(episode.own) : response.length);

/** Values of tokens without those that an environment gave. Past the response's end they stay. */
export const withoutGiven = (answer: InTurns, values: number[]): number[] =>
  values.filter((_, t) => !isGiven(answer, t));

/** The way back: 0 at tokens that an environment gave. */
export function withGiven({ episode }: InTurns, values: number[]): number[] {
  if (!episode) return values;
  let next = 0;
  return [...episode.own.map((own) => (own === 1 ? values[next++]! : 0)), ...values.slice(sum(episode.own))];
}

/** Of values of each token of the response, and maybe after it, those of tokens that the model sampled. */
export const ownTokens = (answer: Sampled, values: number[]): number[] =>
  withoutGiven(answer, values.slice(0, answer.response.length));

/** What an answer comes to: of several turns the last. */
export const finalText = (tokenizer: Decoder, { response, episode }: Sampled): string =>
  episode ? contentOf(episode.turns.at(-1)!).trim() : answerText(tokenizer, response);

/** An answer as people read it: of several turns each, and who spoke where it was not the model. */
export const shownText = (tokenizer: Decoder, { response, episode }: Sampled): string =>
  episode
    ? episode.turns
        .map((turn) => `${turn.role === "assistant" ? "" : `[${turn.role}] `}${contentOf(turn).trim()}`)
        .join("\n\n")
    : answerText(tokenizer, response);

type Decoder = Parameters<typeof answerText>[0];
const contentOf = ({ content }: Message) => content ?? "";

/** Query and response in a row, of which the model's own tokens are scored. */
export const sequence = ({ query, response, episode }: Pick<Answered, "query" | "response" | "episode">): Tokens => ({
  input_ids: [...query, ...response],
  completion_mask: [...query.map(() => 0), ...(episode?.own ?? response.map(() => 1))],
});
