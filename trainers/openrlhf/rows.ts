// Rows as OpenRLHF 0.11.2 reads them: texts without a template, each checked to become the ids and masks that the run learns from.
import { FieldError } from "../../spec/field-error";
import type { PairTokens, Tokens } from "../data/tokenize";
import type { ChatTokenizer } from "../models/tokenizer";

export interface Texts {
  /** The part that is not learned, and what is. */
  answered(tokens: Tokens): { prompt: string; response: string };
  pair(tokens: PairTokens): { prompt: string; chosen: string; rejected: string; margin?: number };
  /** Ids that are all learned, or none of them. */
  whole(ids: number[]): string;
  /** Answers whose template puts line breaks after their end: OpenRLHF ends a row at its end token. */
  broken(): number;
}

export function createTexts(tokenizer: ChatTokenizer, maxLength: number): Texts {
  const { encode, exact, eos } = tokenizer;
  const end = exact([eos]);
  let broken = 0;

  const whole = (ids: number[]): string => {
    const text = exact(ids);
    if (!isSame(encode(text), ids)) throw otherwise(text, "its text becomes other tokens");
    return text;
  };

  /** What OpenRLHF's datasets make of a text: its end token last, whatever the text says. */
  const read = (text: string): number[] => {
    const stripped = text.replace(/\n+$/, "");
    const ids = encode(stripped.endsWith(end) ? stripped : `${stripped} ${end}`);
    return [...ids.slice(0, -1), eos];
  };

  /** Without the line breaks after its end. */
  const ended = (ids: number[]): number[] => {
    const after = ids.lastIndexOf(eos) + 1;
    return /^\n+$/.test(exact(ids.slice(after))) ? ids.slice(0, after) : ids;
  };

  const answered = ({ input_ids, completion_mask }: Tokens) => {
    const start = completion_mask.indexOf(1);
    const text = exact(input_ids);
    const prompt = exact(input_ids.slice(0, start));
    const learnt = ended(input_ids);
    if (start === 0)
      throw otherwise(
        text,
        "it has no prompt, and OpenRLHF leaves such rows out, unless sft.completionOnlyLoss is false",
      );
    if (start >= maxLength - 2 || (input_ids.length === maxLength && learnt.at(-1) !== eos)) throw tooLong(text);
    if (!text.startsWith(prompt) || encode(prompt).length !== start)
      throw otherwise(text, "its prompt by itself becomes other tokens");
    if (!isSame(read(text), learnt)) throw otherwise(text, `it does not end with ${end}`);
    if (learnt.length < input_ids.length) broken++;
    return { prompt, response: text.slice(prompt.length) };
  };

  const tooLong = (text: string) =>
    new FieldError(
      "data.maxLength",
      `the row ${shown(text)} is longer than ${maxLength} tokens, and OpenRLHF would teach that its answer ends where it is cut: raise it, or leave such rows out`,
    );
  return {
    answered,
    pair({ chosen, rejected, margin }) {
      const [better, worse] = [answered(chosen), answered(rejected)];
      return {
        prompt: better.prompt,
        ...{ chosen: better.response, rejected: worse.response },
        ...(margin !== undefined && margin !== 0 && { margin }),
      };
    },
    whole,
    broken: () => broken,
  };
}

const isSame = (a: number[], b: number[]) => a.length === b.length && a.every((id, i) => id === b[i]);

const shown = (text: string) => JSON.stringify(text.slice(0, 80));

const otherwise = (text: string, why: string) =>
  new FieldError("data.train", `OpenRLHF would learn from other tokens than the run in the row ${shown(text)}: ${why}`);
