// Rewards of single steps, and the tokens of a sampled answer at which its steps end.
import type { Text } from "../../spec/chat";
import { stepSpans } from "../data/steps";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Answered, isGiven } from "./answered";

export interface StepReward {
  /** The step's last token, counted from the first of the response. */
  at: number;
  reward: number;
}

/**
 * Where the steps of an answer end that a process reward model reads as `completion`: at the token that completes the separator, and of the last
 * of a turn, which may have none, at the turn's last token, so that the end token too is learnt from.
 */
export function stepEnds(policy: Decoder, answered: Answered, completion: Text, separator: string): number[] {
  const said = typeof completion === "string" ? [completion] : contentsOf(completion);
  const turns = ownTurns(answered);
  if (said.length !== turns.length)
    throw new Error(
      `an episode has ${said.length} messages of the assistant, and the model wrote ${turns.length} of them: where an environment speaks as the assistant its steps are not the model's; give it another role, or set supervision to outcome`,
    );
  return turns.flatMap(({ start, ids }, i) => endsIn(policy, ids, said[i]!, separator).map((at) => start + at));
}

type Decoder = Pick<ChatTokenizer, "decode">;

const contentsOf = (turns: Exclude<Text, string>): string[] =>
  turns.flatMap(({ role, content }) => (role === "assistant" ? [content ?? ""] : []));

/** The model's own tokens, turn by turn. */
function ownTurns(answered: Answered): { start: number; ids: number[] }[] {
  const turns: { start: number; ids: number[] }[] = [];
  for (const [t, id] of answered.response.entries()) {
    if (isGiven(answered, t)) continue;
    const open = turns.at(-1);
    if (open && open.start + open.ids.length === t) open.ids.push(id);
    else turns.push({ start: t, ids: [id] });
  }
  return turns;
}

/** `content` is what the ids say, maybe without blanks around it. */
function endsIn(policy: Decoder, ids: number[], content: string, separator: string): number[] {
  const whole = policy.decode(ids);
  const begins = whole.indexOf(content);
  const steps = stepSpans(content, separator);
  return steps.map(({ end }, i) =>
    i === steps.length - 1 ? ids.length - 1 : tokenThatCompletes(policy, ids, whole.slice(0, begins + end)),
  );
}

/** The first token with which the ids say all of `text`, with which they begin. */
function tokenThatCompletes(policy: Decoder, ids: number[], text: string): number {
  let [from, to] = [0, ids.length - 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (policy.decode(ids.slice(0, middle + 1)).startsWith(text)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** What is earned at each of `length` tokens: by steps where they end, by the answer as a whole at the last. */
export function tokenRewards(outcome: number | null, steps: StepReward[], length: number): number[] {
  const rewards = new Array<number>(length).fill(0);
  rewards[length - 1] = outcome ?? 0;
  for (const { at, reward } of steps) rewards[at]! += reward;
  return rewards;
}
