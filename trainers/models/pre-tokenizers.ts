// How text is cut before the merges: llama.cpp's names (llama-vocab.cpp) and the same as tokenizer.json says it.
// llama.cpp applies its expressions one after the other, each to the pieces that the one before left.

const bytes = (withExpression: boolean) => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: withExpression,
});
/** Cuts at what the expression finds, which is a piece of its own. */
export const split = (expression: string) => ({
  type: "Split",
  pattern: { Regex: expression },
  behavior: "Isolated",
  invert: false,
});
const digits = { type: "Digits", individual_digits: true };

const words = (digits: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
/** GPT-2's, which ByteLevel brings along. */
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";

const steps: Record<string, object[]> = {
  "gpt-2": [bytes(true)],
  smollm: [digits, bytes(true)],
  "llama-bpe": [split(words("{1,3}")), bytes(false)],
  qwen2: [split(words("")), bytes(false)],
  default: [split("[\\p{P}\\$\\+<=>\\^~\\|]+"), split(gpt2), split("\\p{N}+"), split("[0-9][0-9][0-9]"), bytes(false)],
  bloom: [split(" ?[^(\\s|[.,!?…。，、।۔،])]+"), bytes(false)],
};
/** Names under which llama.cpp cuts in the same way. */
const aliases: Record<string, string> = {
  "phi-2": "gpt-2",
  olmo: "gpt-2",
  mpt: "gpt-2",
  starcoder: "smollm",
  refact: "smollm",
  "command-r": "smollm",
  llama3: "llama-bpe",
  "llama-v3": "llama-bpe",
  falcon3: "llama-bpe",
  dbrx: "llama-bpe",
  "smaug-bpe": "llama-bpe",
  "deepseek-r1-qwen": "qwen2",
  "gpt3-finnish": "bloom",
  "poro-chat": "bloom",
};
/** Those that do not take a word that is a token whole. */
const byMerges = ["dbrx", "smaug-bpe"];

/** Those by which a tokenizer can be trained. */
export const preTokenizerNames = ["gpt-2", "smollm", "llama-bpe", "qwen2"] as const;
export type PreTokenizerName = (typeof preTokenizerNames)[number];

/** Its cuts alone, without the alphabet of bytes. */
export const cutsOf = (pre: PreTokenizerName): object[] =>
  steps[pre]!.flatMap((step) => {
    if (!("use_regex" in step)) return step;
    return step.use_regex ? split(`${gpt2}|\\s+`) : [];
  });

/** The pre_tokenizer of a tokenizer.json. Throws on a name that is not known. */
export function preTokenizerOf(pre: string, source: string): object {
  const found = steps[Object.hasOwn(aliases, pre) ? aliases[pre]! : pre];
  if (!found || !(Object.hasOwn(steps, pre) || Object.hasOwn(aliases, pre)))
    throw new Error(
      `${source} cuts text as "${pre}" (tokenizer.ggml.pre), which is not known here; known are ${[...Object.keys(steps), ...Object.keys(aliases)].join(", ")}`,
    );
  return found.length === 1 ? found[0]! : { type: "Sequence", pretokenizers: found };
}

/** llama.cpp takes a word that is a token whole, whatever the merges say, where it cuts as Llama 3 does. */
export const ignoresMerges = (pre: string) =>
  (pre === "llama-bpe" || aliases[pre] === "llama-bpe") && !byMerges.includes(pre);

/** llama.cpp's name for a tokenizer.json's pre_tokenizer. Throws where it has none. */
export function preTokenizerName(json: unknown): string {
  const own = shape(json);
  const found = Object.keys(steps).find((name) => shape({ pretokenizers: steps[name] }) === own);
  if (!found) throw new Error(`GGUF export does not know this pre-tokenizer: ${JSON.stringify(json).slice(0, 200)}`);
  return found;
}

/** What of a pre_tokenizer decides where it cuts, as text. */
function shape(json: unknown): string {
  const { pretokenizers, ...alone } = (json ?? {}) as { pretokenizers?: unknown[] };
  const parts = pretokenizers ?? [alone];
  return JSON.stringify(
    parts.map((part) => {
      const { type, pattern, behavior, invert, individual_digits, add_prefix_space, use_regex } = part as Record<
        string,
        unknown
      >;
      if (type === "Split") return [type, pattern, behavior, invert ?? false];
      if (type === "Digits") return [type, individual_digits ?? false];
      return type === "ByteLevel" ? [type, add_prefix_space, use_regex ?? true] : part;
    }),
  );
}
