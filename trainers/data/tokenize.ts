// Rows become ids and masks here, once, for training, evaluation and preview alike.
// A completion starts at the longest common token prefix of the prompt's ids and the whole row's, as in TRL 1.16.
import type { ChatTokenizer, Message } from "../models/tokenizer";
import type { PreferenceRow, SupervisedRow, Text } from "./rows";

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
/** A labelled answer alone, without its partner. */
export const unpairedGroup = ({ answer }: UnpairedTokens): Tokens[] => [answer];
/** An answer alone. */
export const singleGroup = (row: Tokens): Tokens[] => [row];

/** Ids of prompt and prompt + completion. Plain text is joined as it is and ends with EOS; conversations end as their template says. */
function joined(tokenizer: ChatTokenizer, prompt: Text, completion: Text): { prompt: number[]; full: number[] } {
  if (typeof prompt === "string" || typeof completion === "string") {
    const full = tokenizer.encode(`${prompt}${completion}`);
    return {
      prompt: tokenizer.encode(prompt as string),
      full: full.at(-1) === tokenizer.eos ? full : [...full, tokenizer.eos],
    };
  }
  const messages: Message[] = [...prompt, ...completion];
  return { prompt: tokenizer.conversation(prompt, true), full: tokenizer.conversation(messages, false) };
}

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

/** Null where nothing of a completion fits into `maxLength`. `enclosed` rows begin with BOS and end with EOS whatever their template does, as in TRL's CPO family. */
export function tokenizePair(
  tokenizer: ChatTokenizer,
  row: PreferenceRow,
  maxLength: number,
  enclosed = false,
): PairTokens | null {
  const finish = ({ prompt, full }: { prompt: number[]; full: number[] }) => {
    if (!enclosed) return { prompt, full };
    const first = tokenizer.bos === null || full[0] === tokenizer.bos ? [] : [tokenizer.bos];
    const last = full.at(-1) === tokenizer.eos ? [] : [tokenizer.eos];
    return { prompt: [...first, ...prompt], full: [...first, ...full, ...last] };
  };
  const chosen = finish(joined(tokenizer, row.prompt, row.chosen));
  const rejected = finish(joined(tokenizer, row.prompt, row.rejected));
  const start = Math.min(commonPrefix(chosen.prompt, chosen.full), commonPrefix(rejected.prompt, rejected.full));
  if (start >= maxLength || start >= chosen.full.length || start >= rejected.full.length) return null;
  return { chosen: masked(chosen.full, start, maxLength), rejected: masked(rejected.full, start, maxLength) };
}

export function tokenizeSupervised(
  tokenizer: ChatTokenizer,
  row: SupervisedRow,
  maxLength: number,
  completionOnly: boolean,
): Tokens | null {
  const { prompt, full } = joined(tokenizer, row.prompt, row.completion);
  const start = commonPrefix(prompt, full);
  if (start >= maxLength || start >= full.length) return null;
  return masked(full, completionOnly ? start : 0, maxLength);
}

/** The ids after which the model is to answer. */
export function tokenizePrompt(tokenizer: ChatTokenizer, prompt: Text): number[] {
  return typeof prompt === "string" ? tokenizer.encode(prompt) : tokenizer.conversation(prompt, true);
}
