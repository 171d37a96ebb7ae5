// Solutions step by step as a process reward model reads them: each step, then the separator, whose last token is where the step is judged.
import type { StepwiseRow } from "../../common/rows/row-content";
import type { Text } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";
import { type Rendering, type Tokens, tokenizePrompt } from "./tokenize";

/** `completion_mask` is 1 where a step is judged. */
export interface StepTokens extends Tokens {
  /** Of each judged step, whether it is right. */
  labels: boolean[];
}

interface Steps {
  stepSeparator: string;
  /** Only the last step counts, whatever the labels of the others. */
  trainOnLastStepOnly: boolean;
}

/** As TRL 1.12 lays a row out. Cut after `maxLength` tokens; null where no judged step is left. */
export function tokenizeSteps(
  tokenizer: ChatTokenizer,
  { prompt, steps }: StepwiseRow,
  { stepSeparator, trainOnLastStepOnly }: Steps,
  maxLength: number,
  rendering: Rendering = {},
): StepTokens | null {
  const parts = steps.map(({ text }) => ({ text, judged: true }));
  const { input_ids, completion_mask } = stepRow(tokenizer, prompt, parts, stepSeparator, rendering);
  const labels = steps.map(({ label }) => label);
  if (trainOnLastStepOnly) completion_mask.fill(0, 0, completion_mask.lastIndexOf(1));
  const kept = { input_ids: input_ids.slice(0, maxLength), completion_mask: completion_mask.slice(0, maxLength) };
  const judged = kept.completion_mask.filter((one) => one === 1).length;
  if (judged === 0) return null;
  return { ...kept, labels: trainOnLastStepOnly ? labels.slice(-1) : labels.slice(0, judged) };
}

export interface Step {
  text: string;
  /** False for what somebody else said in between. */
  judged: boolean;
}

/** Prompt and steps in a row, judged where each step's separator ends. */
export function stepRow(
  tokenizer: ChatTokenizer,
  prompt: Text,
  steps: Step[],
  separator: string,
  rendering: Rendering = {},
): Tokens {
  const query = tokenizePrompt(tokenizer, prompt, rendering);
  const end = tokenizer.encode(separator);
  if (end.length === 0) throw new Error("the step separator is no token of the model's tokenizer");
  const parts = steps.map(({ text }) => [...tokenizer.encode(text), ...end]);
  return {
    input_ids: [...query, ...parts.flat()],
    completion_mask: [
      ...query.map(() => 0),
      ...parts.flatMap((part, i) => part.map((_, t) => Number(steps[i]!.judged && t === part.length - 1))),
    ],
  };
}

/** The steps of an answer: what stands between separators, blank ones left out. An answer without any is one step. */
export const stepsOf = (answer: string, separator: string): string[] =>
  stepSpans(answer, separator).map(({ text }) => text);

/** Each with the place in the answer where its separator ends; of the last, which may have none, the answer's end. */
export function stepSpans(answer: string, separator: string): { text: string; end: number }[] {
  let end = -separator.length;
  const steps = answer.split(separator).flatMap((text) => {
    end += separator.length + text.length;
    return text.trim() === "" ? [] : [{ text, end: end + separator.length }];
  });
  const last = steps.at(-1)?.text ?? answer;
  return [...steps.slice(0, -1), { text: last, end: answer.length }];
}

/**
 * The row moved by a place: batches hold the state before each scored token, and a step is judged by the state at its last. What is added at the
 * end comes after all of them, so that none sees it.
 */
export const judgedAt = ({ input_ids, completion_mask }: Tokens, filler: number): Tokens => ({
  input_ids: [...input_ids, filler],
  completion_mask: [0, ...completion_mask],
});
