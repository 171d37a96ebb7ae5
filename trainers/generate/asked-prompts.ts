// The prompts of a file as conversations, which is what the rows of pairs hold, with the right answers to them.
import { say } from "../../common/command-line";
import type { Message, Text } from "../../spec/chat";
import type { StepPairsConfig } from "../../spec/config";
import { truthIn } from "../data/prompt-rows";
import { tokenizePrompt } from "../data/tokenize";
import type { ChatTokenizer } from "../models/tokenizer";
import type { Asked } from "./judged-solutions";
import { prompts } from "./prompts";

export interface AskedPrompt extends Asked {
  /** In its file. */
  index: number;
}

/** Where a rule compares with the right answers in a column, those that have one. */
export async function askedIn(file: string, tokenizer: ChatTokenizer, column: string | null): Promise<AskedPrompt[]> {
  const wanted = await prompts({ prompts: file }, tokenizer, 1);
  return wanted.flatMap(({ prompt: text, index, row }) => {
    const truth = column === null ? null : truthIn(row, column);
    if (column !== null && truth === null) {
      say(`prompt ${index + 1} has no right answer in ${column}: left out`);
      return [];
    }
    const prompt = asConversation(text);
    return [{ index, prompt, promptIds: tokenizePrompt(tokenizer, prompt), ...(truth !== null && { truth }) }];
  });
}

const asConversation = (text: Text): Message[] => (typeof text === "string" ? [{ role: "user", content: text }] : text);

/** Solutions with the right answers to their prompts, and those to whose prompts there is none. */
export async function withTruths<Solution extends { prompt: Message[] }>(
  { reward, answers }: Pick<StepPairsConfig, "reward" | "answers">,
  solutions: Solution[],
  tokenizer: ChatTokenizer,
): Promise<{ known: (Solution & { truth?: string })[]; unknown: Solution[] }> {
  const { answer } = reward.rules;
  if (!answer || answers === null) return { known: solutions, unknown: [] };
  const truths = new Map<string, string>();
  for (const { index, prompt, truth } of await askedIn(answers, tokenizer, answer.column)) {
    const before = truths.get(keyOf(prompt));
    if (before !== undefined && before !== truth)
      say(`prompt ${index + 1} has the right answer ${truth}, and before it ${before}: the first one counts`);
    else truths.set(keyOf(prompt), truth!);
  }
  const truthOf = ({ prompt }: Solution) => truths.get(keyOf(prompt));
  return {
    known: solutions.flatMap((one) => (truthOf(one) === undefined ? [] : [{ ...one, truth: truthOf(one)! }])),
    unknown: solutions.filter((one) => truthOf(one) === undefined),
  };
}

const keyOf = (prompt: Message[]): string => JSON.stringify(prompt.map(({ role, content }) => [role, content]));
