// A tokenizer as GGUF's metadata: in llama.cpp's terms, and Hugging Face's tokenizer.json whole beside them, as the format allows.
import { GGUFValueType as Value } from "@huggingface/gguf";
import { z } from "zod";
import { preTokenizerName } from "../pre-tokenizers";
import { prefixOf, scoresOf } from "./gguf-pieces";
import { tokenKinds } from "./gguf-tokenizer";
import { count, flag, text } from "./gguf-values";
import type { LoadedFiles } from "./loaded-files";

const tokenizerJson = z.looseObject({
  model: z.looseObject({
    type: z.literal("BPE", "only tokenizers by BPE can be written into a GGUF file"),
    byte_fallback: z.boolean().default(false),
    unk_token: z.string().nullish(),
    vocab: z.record(z.string(), z.number()),
    merges: z.array(
      z.union([z.string().transform((pair) => pair.split(" ") as [string, string]), z.tuple([z.string(), z.string()])]),
    ),
  }),
  added_tokens: z.array(z.looseObject({ id: z.number(), content: z.string(), special: z.boolean() })),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
});
type TokenizerJson = z.infer<typeof tokenizerJson>;

export function tokenizerMetadata({ companions, tokenizer, config: { vocabSize } }: LoadedFiles) {
  const files = companions();
  const whole = files["tokenizer.json"]!;
  const json = tokenizerJson.parse(JSON.parse(whole));
  const tokens = Array.from({ length: vocabSize }, (_, id) => `[unused ${id}]`);
  const types = Array<number>(vocabSize).fill(tokenKinds.unused);
  for (const [content, id] of Object.entries(json.model.vocab))
    [tokens[id], types[id]] = [content, kindOf(content, json.model)];
  for (const { id, content, special } of json.added_tokens)
    [tokens[id], types[id]] = [content, special ? tokenKinds.control : tokenKinds.userDefined];
  if (tokens.length > vocabSize)
    throw new Error(
      `the tokenizer has ${tokens.length} tokens and the model's vocabulary ${vocabSize}: GGUF needs them equal`,
    );
  const [eot, eom, ...more] = [...tokenizer.ends].filter((id) => id !== tokenizer.eos);
  if (more.length > 0)
    throw new Error(`GGUF names three tokens that end an answer, and this model has ${tokenizer.ends.size}`);
  const around = tokenizer.document("");
  const { template, bos, eos, pad } = tokenizer;
  return {
    ...(json.model.byte_fallback ? pieces(json, vocabSize) : byteLevel(json)),
    "tokenizer.ggml.tokens": { value: tokens, type: Value.ARRAY, subType: Value.STRING },
    "tokenizer.ggml.token_type": { value: types, type: Value.ARRAY, subType: Value.INT32 },
    "tokenizer.ggml.eos_token_id": count(eos),
    ...(eot !== undefined && { "tokenizer.ggml.eot_token_id": count(eot) }),
    ...(eom !== undefined && { "tokenizer.ggml.eom_token_id": count(eom) }),
    ...(bos !== null && { "tokenizer.ggml.bos_token_id": count(bos) }),
    ...(types[pad] === tokenKinds.control && { "tokenizer.ggml.padding_token_id": count(pad) }),
    "tokenizer.ggml.add_bos_token": flag(around.length > 0 && around[0] === bos),
    "tokenizer.ggml.add_eos_token": flag(around.length > 0 && around.at(-1) === eos),
    "tokenizer.huggingface.json": text(whole),
    ...(template !== null && { "tokenizer.chat_template": text(template) }),
  };
}

function kindOf(content: string, { byte_fallback: pieces, unk_token: unknown }: TokenizerJson["model"]): number {
  if (!pieces) return tokenKinds.normal;
  if (content === unknown) return tokenKinds.unknown;
  return /^<0x[0-9A-F]{2}>$/.test(content) ? tokenKinds.byte : tokenKinds.normal;
}

const byteLevel = ({ model, pre_tokenizer }: TokenizerJson) => ({
  "tokenizer.ggml.model": text("gpt2"),
  "tokenizer.ggml.pre": text(preTokenizerName(pre_tokenizer)),
  "tokenizer.ggml.merges": {
    value: model.merges.map((merge) => merge.join(" ")),
    type: Value.ARRAY,
    subType: Value.STRING,
  },
});

function pieces(json: TokenizerJson, vocabSize: number) {
  const { vocab, merges } = json.model;
  const scores = scoresOf(vocab, merges);
  return {
    "tokenizer.ggml.model": text("llama"),
    "tokenizer.ggml.pre": text("default"),
    "tokenizer.ggml.scores": {
      value: Array.from({ length: vocabSize }, (_, id) => scores.get(id) ?? -vocabSize),
      type: Value.ARRAY,
      subType: Value.FLOAT32,
    },
    "tokenizer.ggml.add_space_prefix": flag(prefixOf(json)),
  };
}
