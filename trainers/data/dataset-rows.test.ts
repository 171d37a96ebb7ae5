// From a file of rows to what a method learns: what is used, what is told, and what is named and left out.
import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { FieldError } from "../../spec/field-error";
import { readTokenizer } from "../models/tokenizer";
import { pairRows, rewardRows, supervisedRows, unpairedRows } from "./method-rows";
import { promptRows } from "./prompt-rows";

const folder = () => mkdtempSync(join(tmpdir(), "workbench-test-"));
const tokenizer = readTokenizer("data/tiny");
/** The tiny tokenizer with another chat template. */
function templated(template: string) {
  const path = folder();
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join("data/tiny", name), join(path, name));
  writeFileSync(join(path, "chat_template.jinja"), template);
  return readTokenizer(path);
}
function configOf<Name extends "sft" | "dpo" | "reward" | "kto" | "ppo">(
  method: Name,
  rows: object[],
  options: object = {},
) {
  const train = join(folder(), "rows.jsonl");
  writeFileSync(train, rows.map((row) => JSON.stringify(row)).join("\n"));
  const run = { method, model: { source: "tiny" }, data: { train, maxLength: 256 }, output: "x", [method]: options };
  return runConfig.parse(
    method === "ppo" ? { ...run, ppo: { reward: { gold: "film-reviews" }, ...options } } : run,
  ) as Extract<ReturnType<typeof runConfig.parse>, { method: Name }>;
}
const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const pair = (i: number) => ({
  prompt: [user(`Question ${i}`)],
  chosen: [assistant("It is good.")],
  rejected: [assistant("It is bad.")],
});

test("C10: margins and confidences that are given as text are numbers", async () => {
  const rows = [0.5, "0.5", " 0.5 ", "5e-1"].map((margin, i) => ({ ...pair(i), margin, p: margin }));
  const config = configOf("reward", rows, { confidenceColumn: "p" });
  const { train } = await rewardRows(config, tokenizer);
  expect(train.map(({ tokens }) => [tokens.margin, tokens.confidence])).toEqual(rows.map(() => [0.5, 0.5]));
});

test("C10: a margin that is no number is named by its line, and the other rows are learnt", async () => {
  const rows = [pair(0), { ...pair(1), margin: "much" }, { ...pair(2), margin: 1 }];
  const { train, notes } = await rewardRows(configOf("reward", rows), tokenizer);
  expect(train).toHaveLength(2);
  expect(notes[0]).toMatch(/:2: margin is a text that is no number; a number is expected$/);
});

test("a file's own split is kept: rows of a test split are held out, whatever their prompts, and one that names none is left out", async () => {
  const rows = ["train", "Test", "train", "validation", "other"].map((split, i) => ({ ...pair(i), split }));
  const config = configOf("reward", rows, {});
  const { train, heldOut, notes } = await rewardRows(
    { ...config, data: { ...config.data, splitColumn: "split" } },
    tokenizer,
  );
  const prompts = (examples: typeof train) =>
    examples.map(({ prompt }) => (prompt as { content: string }[])[0]!.content.slice(-1));
  expect([prompts(train), prompts(heldOut)]).toEqual([
    ["0", "2"],
    ["1", "3"],
  ]);
  expect(notes[0]).toContain('split is "other", and should be train or one of test, validation');
  const missing = rewardRows({ ...config, data: { ...config.data, splitColumn: "fold" } }, tokenizer);
  await expect(missing).rejects.toMatchObject({
    path: "data.splitColumn",
    message: expect.stringContaining("has a column fold; columns found: prompt, chosen, rejected, split"),
  });
  const both = runConfig.safeParse({ ...config, data: { ...config.data, splitColumn: "split", heldOut: 0.1 } });
  expect(both.error?.issues[0]).toMatchObject({
    path: ["data", "heldOut"],
    message: expect.stringContaining("set it to 0"),
  });
});

test("a criterion decides which answer is chosen, and says of how many pairs", async () => {
  const rated = (i: number, chosen: number | null, rejected: number) => ({
    ...pair(i),
    chosen_clarity: chosen,
    rejected_clarity: rejected,
  });
  const rows = [rated(0, 5, 2), rated(1, 1, 4), rated(2, 3, 3), rated(3, null, 3)];
  const text = ({ tokens }: { tokens: { chosen: { input_ids: number[] } } }) =>
    tokenizer.decode(tokens.chosen.input_ids);
  const { train, notes } = await rewardRows(configOf("reward", rows, { criterion: "clarity" }), tokenizer);
  expect(train.map(text)).toEqual([
    expect.stringContaining("It is good."),
    expect.stringContaining("It is bad."), // rated higher than what the row calls chosen
  ]);
  expect(notes).toContainEqual(
    expect.stringMatching(
      /: clarity decides 2 of 4 pairs; the answers of the others are rated alike, or not both rated$/,
    ),
  );
  const alike = configOf("reward", [rated(0, 3, 3)], { criterion: "clarity" });
  await expect(rewardRows(alike, tokenizer)).rejects.toThrow("clarity decides 0 of 1 pairs");
  const both = runConfig.safeParse({ ...alike, reward: { criterion: "clarity", confidenceColumn: "p_chosen" } });
  expect(both.error?.issues[0]?.message).toContain("p_chosen is about the votes, and clarity decides here");
});

test.each([
  ["reward", "reward.marginColumn", { marginColumn: "magin" }],
  ["reward", "reward.confidenceColumn", { confidenceColumn: "p_chossen" }],
  ["reward", "reward.criterion", { criterion: "clearness" }],
  ["dpo", "dpo.confidenceColumn", { confidenceColumn: "p_chossen", loss: ["cdpo"] }],
] as const)(
  "C10: a column that the config of %s names at %s and no row has is refused there",
  async (method, field, options) => {
    const rows = [{ ...pair(0), margin: 1, p_chosen: 0.9 }];
    const config = configOf(method, rows, options);
    const reading = config.method === "reward" ? rewardRows(config, tokenizer) : pairRows(config, tokenizer);
    const error: unknown = await reading.then(
      () => null,
      (problem: unknown) => problem,
    );
    expect(error).toBeInstanceOf(FieldError);
    expect(error).toMatchObject({
      path: field,
      message: expect.stringContaining("columns found: prompt, chosen, rejected, margin, p_chosen"),
    });
  },
);

test("C10: columns that nothing reads are told once, with their count and first line", async () => {
  const rows = [pair(0), { ...pair(1), magin: 1 }, { ...pair(2), magin: 2, source: "x" }];
  const { notes } = await rewardRows(configOf("reward", rows), tokenizer);
  expect(notes).toEqual([
    expect.stringMatching(
      /: columns that nothing reads: magin \(2 rows, first at line 2\), source \(1 row, first at line 3\)$/,
    ),
  ]);
});

test("C8: a conversation that its template refuses is named by its line, and the rest is learnt", async () => {
  const strict = templated(
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}",
  );
  const rows = Array.from({ length: 6 }, (_, i) => pair(i));
  rows[3]!.prompt.push(user("And again"));
  const { train, notes } = await pairRows(configOf("dpo", rows), strict);
  expect(train).toHaveLength(5);
  expect(notes[0]).toMatch(/:4: .*Roles must alternate/);
  const { train: prompts, notes: said } = await promptRows(configOf("ppo", rows), strict);
  expect(prompts).toHaveLength(5);
  expect(said[0]).toMatch(/:4: .*Roles must alternate/);
});

test("DA: a solution is good to KTO where every step is right, and imitated by SFT only then; a step is a line", async () => {
  const right = { prompt: "1+1+1?", completions: ["1+1 is 2.", "2+1 is 3."], labels: [true, true] };
  const wrong = { prompt: "1+1+2?", completions: ["1+1 is 2.", "2+2 is 5."], labels: [true, false] };
  const { train } = await unpairedRows(configOf("kto", [right, wrong]), tokenizer);
  const text = (ids: number[]) => tokenizer.decode(ids);
  expect(train.map(({ tokens }) => [text(tokens.answer.input_ids), tokens.label])).toEqual([
    ["1+1+1?1+1 is 2.\n2+1 is 3.", true],
    ["1+1+2?1+1 is 2.\n2+2 is 5.", false],
  ]);
  const imitated = await supervisedRows(configOf("sft", [right, wrong]), tokenizer);
  expect(imitated.train.map(({ tokens }) => text(tokens.input_ids))).toEqual(["1+1+1?1+1 is 2.\n2+1 is 3."]);
  expect(imitated.notes[0]).toMatch(/:2: is a solution with a wrong step, which is not imitated$/);
});

test("DA: a file of a kind that the method does not read is refused with what would fit", async () => {
  const solution = { prompt: "1+1?", completions: ["2"], labels: [true] };
  await expect(rewardRows(configOf("reward", [solution]), tokenizer)).rejects.toThrow(
    /the file holds solutions labelled by step, which Reward model does not read: it scores answers whole.*: KTO, .*, SFT and Distillation$/,
  );
  await expect(promptRows(configOf("ppo", [{ text: "Once." }]), tokenizer)).rejects.toThrow(
    /the file holds plain texts, which PPO does not read/,
  );
});

test("C8: where no row can be rendered the run is refused, and says why", async () => {
  const refusing = templated("{{ raise_exception('never') }}");
  await expect(pairRows(configOf("dpo", [pair(0)]), refusing)).rejects.toThrow(
    /holds no row to train on: .*:1: .*never/,
  );
});

test("C10: a prompt that is not how the row begins is told with its count, as TRL warns", async () => {
  const thinking = templated(
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: <think>{% endif %}",
  );
  const { notes } = await pairRows(configOf("dpo", [pair(0), pair(1)]), thinking);
  expect(notes).toEqual([
    expect.stringMatching(
      /the tokenised prompt is not how prompt and answer together begin.*\(2 rows, first at line 1\)$/,
    ),
  ]);
  expect((await pairRows(configOf("dpo", [pair(0)]), tokenizer)).notes).toEqual([]);
});

const weather = { type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } };
const call = {
  role: "assistant",
  content: null,
  tool_calls: [{ type: "function", function: { name: "weather", arguments: { city: "Ulm" } } }],
};
const showing =
  "{% if tools %}tools: {{ tools | tojson }}\n{% endif %}{% for m in messages %}{{ m.role }}{% if m.name %} ({{ m.name }}){% endif %}{{ '\n' }}{% if m.content %}{{ m.content }}{% endif %}{% if m.tool_calls %}{% for c in m.tool_calls %}<call>{{ c.function.name }} {{ c.function.arguments | tojson }}</call>{% endfor %}{% endif %}{{ '\n' }}{% endfor %}{% if add_generation_prompt %}assistant{{ '\n' }}{% endif %}";

test("C7: tools and calls of tools are learnt where the chat template shows them", async () => {
  const rows = [
    { messages: [user("Weather?"), call], tools: [weather] },
    { messages: [user("Weather?"), call], tools: JSON.stringify([weather]) },
  ];
  const { train, notes } = await supervisedRows(configOf("sft", rows), templated(showing));
  expect(notes).toEqual([]);
  const [first, second] = train.map(({ tokens }) => tokens);
  expect(second).toEqual(first);
  const text = (ids: number[]) => tokenizer.decode(ids);
  expect(text(first!.input_ids)).toContain('tools: [{"type": "function"');
  expect(text(first!.input_ids.filter((_, i) => first!.completion_mask[i] === 1))).toMatch(/^ ?<call>weather/);
});

test("C7, C13: where the chat template shows no tools, rows that hold or call them are named and left out", async () => {
  const rows = [
    { messages: [user("Hi"), assistant("Hello.")] },
    { messages: [user("Weather?"), call] },
    { messages: [user("Weather?"), assistant("Sunny.")], tools: [weather] },
    { messages: [user("Hi"), assistant("Hello.")], tools: [] },
  ];
  const plain = templated(
    "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}",
  );
  const { train, notes } = await supervisedRows(configOf("sft", rows), plain);
  expect(train).toHaveLength(2);
  expect(notes.slice(0, 2)).toEqual([
    expect.stringMatching(/:2: calls tools, which this model's chat template does not show$/),
    expect.stringMatching(/:3: has tools, which this model's chat template does not show$/),
  ]);
});

test("C7: fields of messages and chat_template_kwargs are shown by the template, or told once", async () => {
  const rows = [
    {
      messages: [{ ...user("Hi"), name: "Ada", mood: "calm" }, assistant("Hello.")],
      chat_template_kwargs: { shout: true },
    },
    { messages: [{ ...user("Hi"), mood: "calm" }, assistant("Hello.")] },
  ];
  const { train, notes } = await supervisedRows(configOf("sft", rows), templated(showing));
  expect(tokenizer.decode(train[0]!.tokens.input_ids)).toContain("user (Ada)\nHi");
  expect(notes.map((note) => note.replace(/^.*jsonl: /, ""))).toEqual([
    "the chat template does not show the field mood of messages (2 rows, first at line 1)",
    "chat_template_kwargs change nothing of what the chat template shows (1 row, first at line 1)",
  ]);
});

test("C7: turns of a role that the chat template does not show are told once", async () => {
  const some = templated(
    "{% for m in messages %}{% if m.role in ['user', 'assistant', 'system'] %}{{ m.role }}{{ '\\n' }}{{ m.content }}{{ '\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}assistant{{ '\\n' }}{% endif %}",
  );
  const turns = [
    { role: "system", content: "Be brief." },
    { role: "developer", content: "Be kind." },
    user("Hi"),
    assistant("Hello."),
  ];
  const { notes } = await supervisedRows(configOf("sft", [{ messages: turns }]), some);
  expect(notes).toEqual([
    expect.stringContaining("the chat template does not show turns of the role developer (1 row, first at line 1)"),
  ]);
});

test("C7: a system column stands before the conversation", async () => {
  const rows = [{ system: "Be brief.", question: "Hi", chosen: "Hello.", rejected: "No." }];
  const { train } = await pairRows(configOf("dpo", rows), templated(showing));
  expect(tokenizer.decode(train[0]!.promptIds)).toContain("system\nBe brief.\nuser\nHi");
});

test("C13: what follows the assistant's last turn is not learnt, and told with its count", async () => {
  const rows = [{ messages: [user("Hi"), assistant("Hello."), user("SECRET")] }];
  const { train, notes } = await supervisedRows(configOf("sft", rows), tokenizer);
  expect(tokenizer.decode(train[0]!.tokens.input_ids)).not.toContain("SECRET");
  expect(notes).toEqual([
    expect.stringContaining("what follows the assistant's last turn is left out (1 row, first at line 1)"),
  ]);
});

test.each([true, false])("C10: KTO whose labels are all %s says that nothing tells good from bad", async (label) => {
  const rows = [0, 1].map((i) => ({ prompt: [user(`Question ${i}`)], completion: [assistant("It is good.")], label }));
  const { notes } = await unpairedRows(configOf("kto", rows), tokenizer);
  expect(notes).toEqual([expect.stringContaining(`all ${2} answers are ${label ? "good" : "bad"} ones`)]);
});
