// Episodes: the model speaks, its environment goes on, and so by turns. An episode is one row of tokens, of which the model learns its own.
import type { Message } from "../../spec/chat";
import type { Example } from "../data/dataset";
import { conversationOf } from "../data/prompt-rows";
import type { Completion } from "../inference/sampling";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, answered, type Episode } from "../rewards/answered";
import type { Environment } from "./environment";
import { messagesAfter } from "./messages-after";

/** Samples a turn of each row, of at most so many tokens as `limits` say; `streams` name their random numbers. */
export type SampleTurn = (rows: number[][], limits: number[], streams: string[]) => Completion[];

interface Running extends Episode {
  reward: number;
  example: Asked;
  prompt: Message[];
  name: string;
  response: number[];
  logProbs: number[];
  over: boolean;
}

export type Asked = Omit<Example<unknown>, "tokens">;

/**
 * An episode from each prompt, of at most `maxLength` tokens after it, those of the environment with them. `names` are theirs, and begin the names of
 * their streams of random numbers.
 */
export function playEpisodes(
  asked: Asked[],
  names: string[],
  sample: SampleTurn,
  { step, maxTurns }: Environment,
  tokenizer: ChatTokenizer,
  maxLength: number,
): { answers: Answered[]; logProbs: number[][] } {
  const episodes = asked.map((example, i) => begun(example, names[i]!));
  const room = ({ response }: Running) => maxLength - response.length;
  for (let turn = 1; turn <= maxTurns && episodes.some(({ over }) => !over); turn++) {
    const running = episodes.filter(({ over }) => !over);
    const rows = running.map(({ example, response }) => [...example.promptIds, ...response]);
    const streams = running.map(({ name }) => (turn === 1 ? name : `${name}/${turn}`));
    const completions = sample(rows, running.map(room), streams);
    for (const [i, episode] of running.entries()) speak(episode, completions[i]!, tokenizer);
    const steps = step(running.map(shown));
    for (const [i, episode] of running.entries()) {
      const { messages, reward } = steps[i]!;
      episode.reward += reward;
      episode.over = messages.length === 0;
      if (episode.over) continue;
      const told = messagesAfter(tokenizer, messages);
      const ended = tokenizer.ends.has(episode.response.at(-1)!);
      episode.cut = !ended || turn === maxTurns || told.length >= room(episode);
      episode.over = episode.cut;
      if (!episode.over) tell(episode, messages, told);
    }
  }
  return {
    answers: episodes.map(({ example, response, own, turns, reward, cut }) => ({
      ...answered(example, response),
      episode: { own, turns, reward, cut },
    })),
    logProbs: episodes.map(({ logProbs }) => logProbs),
  };
}

function begun(example: Asked, name: string): Running {
  const prompt = conversationOf(example.prompt);
  return { example, prompt, name, response: [], logProbs: [], own: [], turns: [], reward: 0, cut: false, over: false };
}

const shown = ({ prompt, turns, name, example }: Running) => ({
  conversation: [...prompt, ...turns],
  name,
  columns: example.columns ?? {},
});

/** Adds the model's turn. */
function speak(episode: Running, { ids, logProbs }: Completion, tokenizer: ChatTokenizer): void {
  episode.response.push(...ids);
  episode.logProbs.push(...logProbs);
  episode.own.push(...ids.map(() => 1));
  episode.turns.push({ role: "assistant", content: tokenizer.decode(ids) });
}

function tell(episode: Running, messages: Message[], ids: number[]): void {
  episode.response.push(...ids);
  episode.logProbs.push(...ids.map(() => 0));
  episode.own.push(...ids.map(() => 0));
  episode.turns.push(...messages);
}
