// tokenizer.json as @huggingface/tokenizers 0.2.0 has to be given it to cut text where tokenizers 0.23 cuts it: there white space and numbers are
// Unicode's, here they were JavaScript's and 0 to 9, so that ½, １ and ② stayed together, and U+0085 and U+FEFF went wrong. Where ByteLevel also puts a
// space before the text (RoBERTa's), the library's own cuts stay.
import { z } from "zod";
import { split } from "./pre-tokenizers";

/** Unicode's White_Space, as it stands within brackets. */
const spaces = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/** The expression with `\s` and `\S` written out. */
export function withUnicodeSpaces(expression: string): string {
  let isWithin = false;
  return expression.replace(/\\[\s\S]|[[\]]/g, (part) => {
    if (part === "[" || part === "]") isWithin = part === "[";
    if (part === "\\s") return isWithin ? spaces : `[${spaces}]`;
    return part === "\\S" && !isWithin ? `[^${spaces}]` : part;
  });
}

/** What ByteLevel cuts by where it is not told otherwise: GPT-2's own. */
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

type Step = Record<string, unknown>;

function exactStep(step: Step): Step {
  const { type, pretokenizers, normalizers, pattern } = step;
  if (Array.isArray(pretokenizers)) return { ...step, pretokenizers: (pretokenizers as Step[]).map(exactStep) };
  if (Array.isArray(normalizers)) return { ...step, normalizers: (normalizers as Step[]).map(exactStep) };
  if (type === "Digits") return split(step.individual_digits ? "\\p{N}" : "\\p{N}+");
  if (type === "ByteLevel" && (step.use_regex ?? true) && step.add_prefix_space === false)
    return { type: "Sequence", pretokenizers: [split(withUnicodeSpaces(gpt2)), { ...step, use_regex: false }] };
  const { Regex } = (pattern ?? {}) as { Regex?: unknown };
  return typeof Regex === "string" ? { ...step, pattern: { Regex: withUnicodeSpaces(Regex) } } : step;
}

const parts = z.looseObject({
  normalizer: z.record(z.string(), z.unknown()).nullish(),
  pre_tokenizer: z.record(z.string(), z.unknown()).nullish(),
  added_tokens: z.array(z.looseObject({ content: z.string(), single_word: z.boolean().optional() })).nullish(),
});

/** `json` is a tokenizer.json. Throws at what the library cannot do. */
export function exactCuts(json: object): object {
  const { normalizer, pre_tokenizer, added_tokens } = parts.parse(json);
  const alone = added_tokens?.find(({ single_word }) => single_word);
  if (alone)
    throw new Error(
      `the added token ${JSON.stringify(alone.content)} is to match whole words only (single_word), which is not supported`,
    );
  return {
    ...json,
    ...(normalizer && { normalizer: exactStep(normalizer) }),
    ...(pre_tokenizer && { pre_tokenizer: exactStep(pre_tokenizer) }),
  };
}
