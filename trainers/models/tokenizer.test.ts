// What a folder's files say about its tokens, as Transformers 5.23 reads them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { tokenizePair, tokenizePrompt, tokenizeSupervised } from "../data/tokenize";
import { createSampler } from "../inference/sampling";
import { examine } from "../run/validate-run";
import { type Edits, editedFolder } from "./edited-folder";
import { loadModel, readModel } from "./load";
import { readTokenizer } from "./tokenizer";

const edited = (edits: Edits) => editedFolder("data/tiny", edits);
const asked = [{ role: "user", content: "Name a film." }];
const rendered = (template: unknown, messages = asked) => {
  const tokenizer = readTokenizer(edited({ "tokenizer_config.json": { chat_template: template } }));
  return tokenizer.decode(tokenizer.conversation(messages, false));
};

/** A greedy answer of `tiny` out of a folder with `edits`. */
async function greedy(edits: Edits) {
  const { model, tokenizer } = await loadModel({ source: edited(edits), dtype: "float32" });
  const prompt = tokenizer.conversation([{ role: "user", content: "Review The Quiet River." }], true);
  const { ends, pad } = tokenizer;
  return createSampler(model, null)([prompt], { maxNewTokens: 24, temperature: 0, ends, pad, streams: ["0"] })[0]!;
}

test("C4: an answer ends at any of the end tokens that generation_config.json lists", async () => {
  const whole = await greedy({});
  const extra = whole.ids[4]!;
  const first = whole.ids.indexOf(extra);
  expect(first).toBeGreaterThan(0);
  const cut = await greedy({ "generation_config.json": { eos_token_id: [2, extra] } });
  expect([cut.ended, cut.ids]).toEqual([true, whole.ids.slice(0, first + 1)]);
});

test("C4: without generation_config.json the end tokens of config.json count, with it they do not; the tokenizer's own always does", () => {
  const ends = (edits: Edits) => [...readTokenizer(edited(edits)).ends].sort((a, b) => a - b);
  expect(ends({ "config.json": { eos_token_id: [136, 7] } })).toEqual([2, 7, 136]);
  expect(ends({ "config.json": { eos_token_id: [136] }, "generation_config.json": { eos_token_id: 9 } })).toEqual([
    2, 9,
  ]);
  expect(ends({ "config.json": { eos_token_id: null }, "generation_config.json": {} })).toEqual([2]);
});

const addsBos = {
  "tokenizer.json": {
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<|im_start|>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "<|im_start|>": { id: "<|im_start|>", ids: [1], tokens: ["<|im_start|>"] } },
    },
  },
};

test("C5: plain text gets the beginning-of-sequence token once where the tokenizer adds it; conversations stay as their template says", () => {
  const [plain, adds] = [edited({}), edited(addsBos)].map(readTokenizer) as [
    ReturnType<typeof readTokenizer>,
    ReturnType<typeof readTokenizer>,
  ];
  const row = { prompt: "The film is", completion: " warm and bright." };
  const without = tokenizeSupervised(plain, row, 100, true)!;
  expect(without.input_ids[0]).not.toBe(1);
  expect(tokenizeSupervised(adds, row, 100, true)).toEqual({
    input_ids: [1, ...without.input_ids],
    completion_mask: [0, ...without.completion_mask],
  });
  const pair = { prompt: "The film is", chosen: " warm.", rejected: " cold." };
  const [before, after] = [plain, adds].map((tokenizer) => tokenizePair(tokenizer, pair, 100)!);
  expect(after!.chosen.input_ids).toEqual([1, ...before!.chosen.input_ids]);
  expect(after!.rejected.input_ids).toEqual([1, ...before!.rejected.input_ids]);
  expect(tokenizePrompt(adds, "The film is")).toEqual([1, ...tokenizePrompt(plain, "The film is")]);
  expect(tokenizePrompt(adds, asked)).toEqual(tokenizePrompt(plain, asked));
});

test("C6: a template is given what Transformers gives it: tools and documents that are none, and the tokenizer's special tokens", () => {
  expect(rendered("{% if tools is not none %}tools{% else %}none{% endif %}")).toBe("none");
  expect(rendered("{% if documents is none %}none{% else %}documents{% endif %}")).toBe("none");
  expect(rendered("{{ pad_token | replace('<|', '') }} {{ eos_token | replace('<|', '') }}")).toBe("pad|> im_end|>");
  expect(rendered("{% if unk_token is defined %}known{% else %}unknown{% endif %}")).toBe("unknown");
});

test('C14: of several named templates the one called "default" is used, and its lack is named', () => {
  const template = (name: string) => ({ name, template: `${name}: {{ messages[0].content }}` });
  expect(rendered([template("tool_use"), template("default")])).toBe("default: Name a film.");
  expect(() => rendered([template("tool_use"), template("rag")])).toThrow(
    /names its chat templates "tool_use", "rag"; one called "default" is needed/,
  );
});

const plainText = JSON.parse(readFileSync("data/golden/models/plain-text.json", "utf8")) as {
  row: { prompt: string; completion: string };
  pair: { prompt: string; chosen: string; rejected: string };
  cases: Record<
    string,
    {
      post_processor?: object;
      flags?: object;
      ids: number[];
      sft: { input_ids: number[]; scored: number[] };
      dpo: { prompt_ids: number[]; chosen_ids: number[]; rejected_ids: number[] };
    }
  >;
};
test.each(Object.keys(plainText.cases))("C5: plain text has TRL 1.16's ids and scored tokens: %s", (name) => {
  const { post_processor = null, flags = {}, ids, sft, dpo } = plainText.cases[name]!;
  const tokenizer = readTokenizer(
    editedFolder("data/golden/adapters/model", {
      "tokenizer.json": { post_processor },
      "tokenizer_config.json": { ...flags },
    }),
  );
  expect(tokenizePrompt(tokenizer, plainText.row.prompt)).toEqual(ids);
  const row = tokenizeSupervised(tokenizer, plainText.row, 100, true)!;
  expect([row.input_ids, row.completion_mask]).toEqual([sft.input_ids, sft.scored]);
  const { chosen, rejected } = tokenizePair(tokenizer, plainText.pair, 100)!;
  expect(chosen.input_ids).toEqual([...dpo.prompt_ids, ...dpo.chosen_ids]);
  expect(rejected.input_ids).toEqual([...dpo.prompt_ids, ...dpo.rejected_ids]);
});

test.each<[string, Edits[string], RegExp]>([
  ["special tokens cut as text", { split_special_tokens: true }, /split_special_tokens true is not supported/],
  ["a token that tokenizer.json lacks", { extra_special_tokens: ["<x>"] }, /names the token "<x>", which is none/],
  ["a named one", { extra_special_tokens: { image_token: "<x>" } }, /names the token "<x>"/],
  ["one of old files", { additional_special_tokens: [{ content: "<x>" }] }, /names the token "<x>"/],
  ["one by its id", { added_tokens_decoder: { 671: { content: "<x>" } } }, /names the token "<x>"/],
  ["an end token that is not there", { eos_token: "</s>" }, /names the token "<\/s>"/],
  ["a field of tomorrow", { byte_fallback: "always" }, /byte_fallback "always" is not known here/],
])("M4: a tokenizer_config.json that asks for %s is refused by name", (_, edit, message) => {
  expect(() => readTokenizer(edited({ "tokenizer_config.json": edit }))).toThrow(message);
});

test("M4: special_tokens_map.json has the last word in folders without added_tokens_decoder, and added_tokens.json is looked at", () => {
  const map = { eos_token: { content: "<|im_start|>", lstrip: false } };
  expect(readTokenizer(edited({ "special_tokens_map.json": map })).eos).toBe(1);
  const decoder = { added_tokens_decoder: { 2: { content: "<|im_end|>" } } };
  expect(readTokenizer(edited({ "special_tokens_map.json": map, "tokenizer_config.json": decoder })).eos).toBe(2);
  expect(() => readTokenizer(edited({ "added_tokens.json": { "<x>": 671 } }))).toThrow(/names the token "<x>"/);
});

test("M4: what of generation_config.json is not applied is told once, what does nothing is not", async () => {
  const generation = {
    eos_token_id: 2,
    do_sample: true,
    temperature: 0.6,
    top_p: 1,
    repetition_penalty: 1.05,
    suppress_tokens: null,
  };
  const { notes } = await readModel(edited({ "generation_config.json": generation }));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/asks for temperature 0\.6, repetition_penalty 1\.05: not applied/);
  expect((await readModel(edited({}))).notes).toEqual([]);
});

test("C16: a template that ends turns with something else than the tokenizer's end token is said", async () => {
  const template =
    "{% for message in messages %}<|im_start|>{{ message.role + '\n' + message.content }}<|pad|>{% endfor %}";
  const folder = { "tokenizer_config.json": { chat_template: template } };
  expect((await readModel(edited(folder))).notes).toEqual([
    expect.stringMatching(
      /ends an answer with "<\|pad\|>" and the tokenizer's end token is "<\|im_end\|>": what learns .* never learns to end/,
    ),
  ]);
  const named = { ...folder, "generation_config.json": { eos_token_id: [2, 0] } };
  expect((await readModel(edited(named))).notes).toEqual([expect.stringMatching(/answers end at either/)]);
  const bare = { "tokenizer_config.json": { chat_template: "{% for m in messages %}{{ m.content }}{% endfor %}" } };
  expect((await readModel(edited(bare))).notes).toEqual([expect.stringMatching(/ends an answer with "nothing"/)]);
});

test("C16: preflight brings the notes about a model's files", async () => {
  const source = edited({ "generation_config.json": { eos_token_id: 2, repetition_penalty: 1.3 } });
  const config = runConfig.parse({
    method: "dpo",
    model: { source },
    data: { train: "data/golden/trajectories/pairs.jsonl", maxLength: 400 },
    output: join(source, "out"),
  });
  expect((await examine(config, [])).notes).toContainEqual(
    expect.stringMatching(/repetition_penalty 1\.3: not applied/),
  );
});

test.each<[string, Edits, RegExp]>([
  [
    "a normalizer of no known type",
    { "tokenizer.json": { normalizer: { type: "Odd" } } },
    /^Error: Cannot read the tokenizer of /,
  ],
  [
    "added tokens that are no list",
    { "tokenizer.json": { added_tokens: { 0: "a" } } },
    /tokenizer.json: added_tokens: found/,
  ],
  [
    "a template that cannot be parsed",
    { "tokenizer_config.json": { chat_template: "{{ messages[0 }}" } },
    /^Error: Cannot read the chat template of /,
  ],
])("a folder whose tokenizer has %s is refused by its name", (_, edits, message) => {
  const folder = edited(edits);
  let refused: unknown = null;
  try {
    readTokenizer(folder);
  } catch (error) {
    refused = error;
  }
  expect(String(refused)).toMatch(message);
  expect(String(refused)).toContain(folder);
});

test("words that were spelled before, short and long, are given the same ids in any order", () => {
  const texts = ["It was good, good.", "good was It,", `${"goodgood".repeat(20)} é ${"goodgood".repeat(20)}`];
  const kept = readTokenizer("data/tiny");
  const alone = texts.map((text) => readTokenizer("data/tiny").encode(text));
  for (const order of [texts, texts.toReversed(), texts])
    expect(order.map((text) => kept.encode(text))).toEqual(order.map((text) => alone[texts.indexOf(text)]));
  expect(alone.map((ids) => kept.exact(ids))).toEqual(texts);
});
