// Rows become ids and masks here, once, for training, evaluation and preview alike.
// A completion starts at the longest common token prefix of the prompt's ids and the whole row's, as in TRL 1.16.

import type { PreferenceRow, RankedRow, SupervisedRow, Text } from "../../common/rows/rows";
import { afterSteps } from "../../common/rows/whole-answers";
import type { Message, TemplateOptions } from "../../spec/chat";
import type { ChatTokenizer } from "../models/tokenizer";
import { checkShown, type Tell } from "./shown";

/** Token ids and, aligned with them, 1 where the token is scored. */
export interface Tokens {
  input_ids: number[];
  completion_mask: number[];
}
export interface PairTokens {
  chosen: Tokens;
  rejected: Tokens;
  /** By how much a reward model should prefer the chosen answer. */
  margin?: number;
  /** Probability that the chosen answer is the better one; certain where it is not given. */
  confidence?: number;
  /** Of XPO: the answer that the reference sampled. */
  explored?: "chosen" | "rejected";
}
/** Answers to one prompt with their ranks: least is best, equal is tied. */
export interface ListTokens {
  answers: Tokens[];
  ranks: number[];
}
/** An answer that is good or bad by itself. */
export interface UnpairedTokens {
  answer: Tokens;
  label: boolean;
  /** The same prompt with an answer that was given to another one: KTO's reference point is read there. */
  partner: Tokens;
}

/** Ids before the first scored token, and from it on. */
export const promptIds = ({ input_ids, completion_mask }: Tokens) => input_ids.slice(0, completion_mask.indexOf(1));
export const answerIds = ({ input_ids, completion_mask }: Tokens) => input_ids.slice(completion_mask.indexOf(1));

/** The sequences of a pair, which share their prompt. */
export const pairGroup = ({ chosen, rejected }: PairTokens): Tokens[] => [chosen, rejected];
/** The sequences of a ranking, which share their prompt. */
export const listGroup = ({ answers }: ListTokens): Tokens[] => answers;
/** A labelled answer alone, without its partner. */
export const unpairedGroup = ({ answer }: UnpairedTokens): Tokens[] => [answer];
/** An answer alone. */
export const singleGroup = (row: Tokens): Tokens[] => [row];

interface Joined {
  prompt: number[];
  full: number[];
}

/** What goes with a row beside its texts. */
export interface Rendering {
  template?: TemplateOptions | undefined;
  /** Takes what should be known of the row, and is no reason to leave it out. */
  tell?: Tell;
}

/** Ids of prompt and prompt + completion. Plain text is joined as it is and ends with EOS; conversations end as their template says. */
function joined(
  tokenizer: ChatTokenizer,
  prompt: Text,
  completion: Text,
  { template = noOptions, tell = untold }: Rendering = {},
): Joined {
  if (typeof prompt === "string" || typeof completion === "string") {
    const full = tokenizer.document(`${prompt}${completion}`);
    return {
      prompt: tokenizer.document(prompt as string),
      full: full.at(-1) === tokenizer.eos ? full : [...full, tokenizer.eos],
    };
  }
  const messages: Message[] = [...prompt, ...completion];
  checkShown(tokenizer, messages, template, tell);
  return {
    prompt: tokenizer.conversation(prompt, true, template),
    full: tokenizer.conversation(messages, false, template),
  };
}

const untold: Tell = () => undefined;
/** One object, so that the tokenizer knows it again. */
const noOptions: TemplateOptions = {};

export function commonPrefix(a: number[], b: number[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

/** Masks the tokens before `start`, and cuts on the right at `maxLength`. */
function masked(ids: number[], start: number, maxLength: number): Tokens {
  return {
    input_ids: ids.slice(0, maxLength),
    completion_mask: ids.slice(0, maxLength).map((_, i) => (i < start ? 0 : 1)),
  };
}

/** Begins with BOS and ends with EOS whatever the template does, as rows do in TRL's CPO family. */
function enclosed({ bos, eos }: ChatTokenizer, { prompt, full }: Joined): Joined {
  const first = bos === null || full[0] === bos ? [] : [bos];
  const last = full.at(-1) === eos ? [] : [eos];
  return { prompt: [...first, ...prompt], full: [...first, ...full, ...last] };
}

/** Where the answers begin: where the first of them differs from its prompt. TRL warns where that is not the prompt's end. */
function answersBegin(rows: Joined[], { tell = untold }: Rendering): number {
  const start = Math.min(...rows.map(({ prompt, full }) => commonPrefix(prompt, full)));
  if (rows.some(({ prompt }) => start < prompt.length))
    tell(
      "the tokenised prompt is not how prompt and answer together begin, so the answer is learnt from where the two part, after another context than when it is asked for",
    );
  return start;
}

/** Answers from where they begin. Null where nothing of one fits into `maxLength`. */
function aligned(rows: Joined[], maxLength: number, rendering: Rendering): Tokens[] | null {
  const start = answersBegin(rows, rendering);
  if (start >= maxLength || rows.some(({ full }) => start >= full.length)) return null;
  return rows.map(({ full }) => masked(full, start, maxLength));
}

/** Null where nothing of an answer fits into `maxLength`. */
export function tokenizePair(
  tokenizer: ChatTokenizer,
  { prompt, chosen, rejected, steps }: PreferenceRow,
  maxLength: number,
  isEnclosed = false,
  rendering: Rendering = {},
): PairTokens | null {
  const rows = [chosen, rejected].map((answer) => {
    const row =
      steps === undefined
        ? joined(tokenizer, prompt, answer, rendering)
        : begun(tokenizer, prompt, steps, answer, rendering);
    return isEnclosed ? enclosed(tokenizer, row) : row;
  });
  // a token may straddle the seam between given steps and the answer
  const [first, second] = aligned(rows, maxLength, steps === undefined ? rendering : {}) ?? [];
  return first && second ? { chosen: first, rejected: second } : null;
}

/** An answer whose first steps are given: they stand with the prompt, in the assistant's turn. */
function begun(tokenizer: ChatTokenizer, prompt: Text, steps: string, answer: Text, rendering: Rendering): Joined {
  if (typeof prompt === "string") return joined(tokenizer, `${prompt}${steps}`, answer, rendering);
  const whole = joined(tokenizer, prompt, afterSteps(steps, answer), rendering);
  return { prompt: [...whole.prompt, ...tokenizer.encode(steps)], full: whole.full };
}

/** Null where nothing of an answer fits into `maxLength`. */
export function tokenizeList(
  tokenizer: ChatTokenizer,
  { prompt, completions, ranks }: RankedRow,
  maxLength: number,
  rendering: Rendering = {},
): ListTokens | null {
  const answers = aligned(
    completions.map((completion) => joined(tokenizer, prompt, completion, rendering)),
    maxLength,
    rendering,
  );
  return answers && { answers, ranks };
}

export function tokenizeSupervised(
  tokenizer: ChatTokenizer,
  row: SupervisedRow,
  maxLength: number,
  completionOnlyLoss: boolean,
  rendering: Rendering = {},
): Tokens | null {
  const made = joined(tokenizer, row.prompt, row.completion, rendering);
  const { full } = made;
  const start = answersBegin([made], rendering);
  if (start >= maxLength || start >= full.length) return null;
  return masked(full, completionOnlyLoss ? start : 0, maxLength);
}

/**
 * The row that training makes of an answer to `prompt`: what a reward model reads, up to the token at which it was trained to score. In a
 * conversation the template closes the turn, also of an answer that was cut; plain text ends with EOS.
 */
export function tokenizeAnswer(tokenizer: ChatTokenizer, prompt: Text, answer: Text): Tokens {
  const { prompt: before, full } = joined(tokenizer, prompt, answer);
  return masked(full, Math.min(commonPrefix(before, full), full.length - 1), full.length); // an empty answer keeps one token
}

/** A sampled answer as it is stored, shown, judged and, in a conversation, scored. */
export const answerText = (tokenizer: Pick<ChatTokenizer, "decode">, response: number[]): string =>
  tokenizer.decode(response).trim();

/** The ids after which the model is to answer. */
export function tokenizePrompt(
  tokenizer: ChatTokenizer,
  prompt: Text,
  { template = noOptions, tell = untold }: Rendering = {},
): number[] {
  if (typeof prompt === "string") return tokenizer.document(prompt);
  checkShown(tokenizer, prompt, template, tell);
  return tokenizer.conversation(prompt, true, template);
}
