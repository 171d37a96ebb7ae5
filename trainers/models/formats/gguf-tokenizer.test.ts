// A folder as GGUF and back: the same tokens, the same model, or a refusal by name.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ModelConfig } from "../config";
import { type Edits, editedFolder } from "../edited-folder";
import { readModel } from "../load";
import { llama3Scaling } from "../parts/rope-frequencies";
import { randomWeights } from "../random-weights";
import { readGguf } from "./gguf";
import { parseGgufMetadata } from "./gguf-metadata";
import { tokenizerFromGguf } from "./gguf-tokenizer";
import { writeGguf } from "./gguf-write";
import type { LoadedFiles } from "./loaded-files";

const source = "data/golden/adapters/model";
const tiny = JSON.parse(readFileSync(`${source}/tokenizer.json`, "utf8")) as {
  model: { vocab: Record<string, number>; merges: unknown[] };
  added_tokens: { id: number }[];
};
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const bytes = { ...byteLevel, use_regex: false };
const split = (digits: string) => ({
  type: "Split",
  pattern: {
    Regex: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
  },
  behavior: "Isolated",
  invert: false,
});
const sequence = (...pretokenizers: object[]) => ({ type: "Sequence", pretokenizers });
const cuts: Record<string, object> = {
  "llama-bpe": sequence(split("{1,3}"), bytes),
  qwen2: sequence(split(""), bytes),
  "gpt-2": byteLevel,
  smollm: sequence({ type: "Digits", individual_digits: true }, byteLevel),
};

/** The small model with a tokenizer that cuts as `pre` says, begins plain text with BOS, and has an added token that is not special. */
function folderOf(pre_tokenizer: object, more: Edits = {}): string {
  const [last] = Object.entries(tiny.model.vocab).find(([, id]) => id === 670)!;
  const { [last]: _, ...vocab } = tiny.model.vocab;
  const added = {
    id: 670,
    content: "<tool>",
    special: false,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  };
  const begin = { SpecialToken: { id: "<|im_start|>", type_id: 0 } };
  return editedFolder(source, {
    "tokenizer.json": {
      pre_tokenizer,
      added_tokens: [...tiny.added_tokens, added],
      model: {
        ...tiny.model,
        vocab,
        merges: tiny.model.merges.slice(0, -1),
        ignore_merges: "pretokenizers" in pre_tokenizer && JSON.stringify(pre_tokenizer).includes("{1,3}"),
      },
      post_processor: {
        type: "TemplateProcessing",
        single: [begin, { Sequence: { id: "A", type_id: 0 } }],
        pair: [begin, { Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
        special_tokens: { "<|im_start|>": { id: "<|im_start|>", ids: [1], tokens: ["<|im_start|>"] } },
      },
    },
    ...more,
  });
}

const texts = [
  "Hello world",
  "don't DON'T We'll they'Re",
  "12 123 1234567 3.14159",
  " leading and trailing  ",
  "a\n\nb\r\n c\t\td",
  "naïve café 日本語 🙂👍🏽",
  "x=1;y+=2; // ok?!",
  "<tool>call</tool>",
  "a<tool>b <tool> c",
  "<|im_start|>user\nhi<|im_end|>",
  "   \n  \n",
  "...!!!???",
  "word1word2 v2.0b3",
  "The film is warm. It's 90 minutes!",
  "\u00a0nbsp\u200bzero",
  "",
];
const path = () => join(mkdtempSync(join(tmpdir(), "workbench-test-")), "model.gguf");
async function through(folder: string): Promise<{ before: LoadedFiles; after: LoadedFiles; file: string }> {
  const before = await readModel(folder);
  const file = path();
  writeGguf(file, "test", before, "F16");
  return { before, after: await readModel(file), file };
}

test.each(Object.keys(cuts))(
  "C9: a tokenizer that cuts as %s gives the same ids out of our GGUF file, by its own tokenizer.json and by llama.cpp's terms",
  async (pre) => {
    const { before, after, file } = await through(folderOf(cuts[pre]!));
    const { metadata } = await readGguf(file);
    expect(metadata["tokenizer.ggml.pre"]).toBe(pre);
    const { "tokenizer.huggingface.json": whole, ...terms } = metadata;
    expect(whole).toBeTypeOf("string");
    const { tokenizer } = tokenizerFromGguf(terms, file);
    for (const text of texts) {
      const ids = before.tokenizer.encode(text);
      expect(after.tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.encode(text), text).toEqual(ids);
      expect(tokenizer.document(text), text).toEqual([1, ...ids]);
      if (ids.length > 0) expect(tokenizer.decode(ids), text).toBe(before.tokenizer.decode(ids));
    }
  },
);

const metadataOf = (pre: string) => ({
  "tokenizer.ggml.model": "gpt2",
  "tokenizer.ggml.pre": pre,
  "tokenizer.ggml.eos_token_id": 2,
  "tokenizer.ggml.tokens": Object.keys(tiny.model.vocab),
  "tokenizer.ggml.token_type": Object.keys(tiny.model.vocab).map(() => 1),
  "tokenizer.ggml.merges": [],
});

test("a tokenizer.json that is damaged within the file is refused by the file's name", () => {
  const damaged = { ...metadataOf("smollm"), "tokenizer.huggingface.json": '{"model": fadse}' };
  expect(() => tokenizerFromGguf(damaged, "x.gguf")).toThrow(/^Cannot read tokenizer\.huggingface\.json of x\.gguf: /);
});

test("C9: cutting differs between the pre-tokenizers, so that the texts show something", () => {
  const cut = (pre: string, text: string) => {
    const { files } = tokenizerFromGguf(metadataOf(pre), "x.gguf");
    return JSON.stringify((JSON.parse(files["tokenizer.json"]!) as { pre_tokenizer: object }).pre_tokenizer).includes(
      text,
    );
  };
  expect(cut("default", "[0-9][0-9][0-9]")).toBe(true);
  expect(cut("llama-bpe", "{1,3}")).toBe(true);
  expect(cut("llama3", "{1,3}")).toBe(true);
  expect(() => tokenizerFromGguf(metadataOf("tekken"), "x.gguf")).toThrow(
    /x\.gguf cuts text as "tekken".*known are gpt-2, smollm, llama-bpe, qwen2, default/,
  );
  expect(() => tokenizerFromGguf({ ...metadataOf("gpt-2"), "tokenizer.ggml.model": "t5" }, "x.gguf")).toThrow(
    /x\.gguf: tokenizer\.ggml\.model: found "t5"\. Byte-level BPE/,
  );
  expect(() => tokenizerFromGguf({ ...metadataOf("gpt-2"), "tokenizer.ggml.model": "llama" }, "x.gguf")).toThrow(
    /x\.gguf has \d+ tokens and no scores/,
  );
});

test("C9: a pre-tokenizer that llama.cpp has no name for is refused when it is written", async () => {
  const files = await readModel(folderOf(sequence(split("{1,2}"), bytes)));
  expect(() => writeGguf(path(), "test", files, "F16")).toThrow(/does not know this pre-tokenizer/);
});

test("C4, C15: every end token goes into a GGUF file and comes out again, also into a folder made from it", async () => {
  const { before, after } = await through(
    folderOf(byteLevel, { "generation_config.json": { eos_token_id: [136, 7] } }),
  );
  expect([...before.tokenizer.ends].sort()).toEqual([136, 2, 7]);
  expect([...after.tokenizer.ends].sort()).toEqual([136, 2, 7]);
  expect(JSON.parse(after.companions()["generation_config.json"]!)).toMatchObject({ eos_token_id: [2, 136, 7] });
});

test("M2, M3: heads of another width and linear RoPE go through GGUF, and its folder says so to Transformers", async () => {
  const files = await readModel(source);
  const config: ModelConfig = {
    ...files.config,
    headDim: 8,
    ropeTheta: 500,
    ropeScaling: { type: "linear", factor: 4 },
  };
  const weights = randomWeights(config, 1);
  const wide: LoadedFiles = { ...files, config, host: weights };
  const file = path();
  writeGguf(file, "test", wide, "F16");
  const after = await readModel(file);
  expect(after.config).toEqual(config);
  for (const [name, { data }] of weights) {
    const read = after.host.get(name)!.data;
    expect(Math.max(...data.map((value, i) => Math.abs(value - read[i]!))), name).toBeLessThan(1e-3);
  }
  expect(JSON.parse(after.companions()["config.json"]!)).toMatchObject({
    head_dim: 8,
    rope_theta: 500,
    rope_scaling: { rope_type: "linear", factor: 4 },
  });
});

test("C9, M2: Llama 3's RoPE goes through GGUF as factors of its frequencies, for every context and factor; other factors are refused", async () => {
  const files = await readModel(source);
  for (const originalContext of [16, 8192]) {
    const ropeScaling = { type: "llama3", factor: 8, lowFactor: 1, highFactor: 4, originalContext } as const;
    const config: ModelConfig = { ...files.config, headDim: 16, ropeTheta: 500_000, ropeScaling };
    const file = path();
    writeGguf(file, "test", { ...files, config, host: randomWeights(config, 1) }, "F16");
    expect((await readModel(file)).config).toEqual(config);
  }
  const rope = { headDim: 16, ropeTheta: 500_000 };
  expect(() => llama3Scaling(Float32Array.of(1, 1, 1, 2, 3, 4, 5, 6), 8192, rope)).toThrow(
    /no scaling of Llama 3 by 6 from a context of 8192/,
  );
});

const llama = {
  "general.architecture": "llama",
  "llama.block_count": 2,
  "llama.context_length": 64n,
  "llama.embedding_length": 32,
  "llama.feed_forward_length": 48,
  "llama.attention.head_count": 4,
  "llama.attention.layer_norm_rms_epsilon": 1e-5,
};
const parsed = (more: object) =>
  parseGgufMetadata({ ...llama, ...more }, { vocabSize: 10, tied: true, biases: false, longRope: null }, "x.gguf")
    .config;

test("M3: a GGUF file's key_length is the width of its heads", () => {
  expect(parsed({}).headDim).toBe(8);
  expect(
    parsed({ "llama.attention.key_length": 16, "llama.attention.value_length": 16, "llama.rope.dimension_count": 16 })
      .headDim,
  ).toBe(16);
});

test.each<[string, unknown, RegExp]>([
  ["llama.attention.value_length", 4, /value_length 4 is not supported where keys have length 8/],
  ["llama.rope.dimension_count", 4, /dimension_count 4 is not supported where keys have length 8/],
  ["llama.rope.scaling.type", "longrope", /scaling\.type "longrope" is not supported/],
  ["llama.expert_count", 8, /lacks llama\.expert_used_count/],
  ["llama.attention.sliding_window", 128, /sliding_window 128 is not supported/],
  ["llama.attention.tomorrow", 3, /llama\.attention\.tomorrow 3 is not known here/],
  ["llama.attention.head_count", [4, 2], /head_count: found \[4,2\]/],
  ["tokenizer.ggml.tomorrow", "x", /tokenizer\.ggml\.tomorrow "x" is not known here/],
  ["split.count", 3, /one of 3 parts/],
  ["general.architecture", "rwkv7", /architecture "rwkv7"; supported are "llama", "qwen2"/],
])("M2, M3, M4: a GGUF file whose %s is %j is refused by that key", (key, value, message) => {
  expect(() => parsed({ [key]: value })).toThrow(message);
  expect(() => parsed({ [key]: value })).toThrow(/^x\.gguf/);
});
