// One small file of each layout (data/layouts): every row of it is read, as what its layout says.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expanded } from "./expand";
import type { ReadRow } from "./formats";
import { anyRow, readRows } from "./rows";

const folder = join("data", "layouts");
const read = async (name: string) => readRows(join(folder, name), anyRow);

const tea = "How long should green tea steep?";
const [good, bad] = ["Two to three minutes, in water of about 80 degrees.", "As long as you like."];

const files: Record<string, [layout: string, kind: ReadRow["kind"], rows: number]> = {
  "agent-instruct.jsonl": ["ShareGPT", "completion", 2],
  "alpaca-farm.json": ["AlpacaFarm", "preference", 2],
  "alpaca-kto.json": ["Alpaca", "unpaired", 2],
  "alpaca-ranking.json": ["Alpaca", "preference", 2],
  "alpaca.json": ["Alpaca", "completion", 2],
  "arena-kaggle.csv": ["LMSYS arena", "preference", 2],
  "arena.jsonl": ["LMSYS arena", "preference", 2],
  "argilla-hub.jsonl": ["Argilla", "unpaired", 2],
  "argilla.json": ["Argilla", "preference", 2],
  "beavertails.jsonl": ["prompt and response", "unpaired", 2],
  "bedrock.jsonl": ["messages", "completion", 2],
  "capitals.csv": ["question", "completion", 2],
  "capybara-dpo.jsonl": ["prompt, chosen and rejected", "preference", 2],
  "capybara.jsonl": ["exchanges", "completion", 1],
  "code-corpus.jsonl": ["text", "text", 2],
  "cohere.jsonl": ["messages", "completion", 2],
  "content-parts.jsonl": ["messages", "completion", 2],
  "cvalues.jsonl": ["CValues", "preference", 2],
  "distilabel-pairs.jsonl": ["distilabel", "preference", 2],
  "distilabel-ratings.jsonl": ["ranking", "ranking", 2],
  "distilabel-text.jsonl": ["Alpaca", "completion", 2],
  "dolly.jsonl": ["Alpaca", "completion", 2],
  "firefly-single.jsonl": ["input", "completion", 2],
  "firefly.jsonl": ["exchanges", "completion", 2],
  "flan.jsonl": ["inputs", "completion", 2],
  "gemini.jsonl": ["Gemini", "completion", 2],
  "glaive-tools.jsonl": ["glaive", "completion", 1],
  "glaive.jsonl": ["glaive", "completion", 2],
  "helpsteer2.jsonl": ["ranking", "ranking", 2],
  "helpsteer3-edits.jsonl": ["HelpSteer3, edited", "preference", 2],
  "helpsteer3.jsonl": ["HelpSteer", "preference", 2],
  "hh-rlhf-chinese.jsonl": ["context", "preference", 2],
  "hh-rlhf.jsonl": ["HH-RLHF", "preference", 2],
  "infinity-instruct.jsonl": ["ShareGPT", "completion", 2],
  "label-studio-choices.json": ["Label Studio", "unpaired", 2],
  "label-studio.json": ["Label Studio", "preference", 2],
  "lima.jsonl": ["exchanges", "completion", 2],
  "llama-factory-1-pairs.jsonl": ["LLaMA-Factory 1", "preference", 2],
  "llama-factory-1.jsonl": ["messages", "completion", 2],
  "math-shepherd.jsonl": ["Math-Shepherd", "stepwise", 2],
  "moss.jsonl": ["MOSS", "completion", 2],
  "nectar.jsonl": ["Nectar", "ranking", 2],
  "numina-math.jsonl": ["problem", "completion", 2],
  "open-math-instruct-2.jsonl": ["problem", "completion", 2],
  "open-math-instruct.jsonl": ["question", "unpaired", 2],
  "openai-chat.jsonl": ["messages", "completion", 2],
  "openai-preference.jsonl": ["OpenAI preference", "preference", 2],
  "openassistant-trees.jsonl": ["ranking", "ranking", 2],
  "openassistant.jsonl": ["ranking", "ranking", 2],
  "prm800k.jsonl": ["stepwise", "stepwise", 2],
  "processbench.jsonl": ["ProcessBench", "stepwise", 2],
  "ranked-responses.jsonl": ["ranking", "ranking", 2],
  "rewardbench-2.jsonl": ["RewardBench", "ranking", 2],
  "safe-rlhf.jsonl": ["PKU-SafeRLHF", "preference", 1],
  "self-instruct.jsonl": ["Alpaca", "completion", 3],
  "sharegpt-52k.jsonl": ["ShareGPT", "completion", 2],
  "sharegpt-kto.json": ["ShareGPT with a label", "unpaired", 2],
  "sharegpt-ranking.json": ["ShareGPT with a pair", "preference", 2],
  "sharegpt-tools.json": ["ShareGPT", "completion", 1],
  "sharegpt.json": ["ShareGPT", "completion", 2],
  "shp.jsonl": ["SHP", "preference", 2],
  "stack-exchange-paired.jsonl": ["Stack Exchange", "preference", 2],
  "stack-exchange.jsonl": ["Stack Exchange", "ranking", 2],
  "step-dpo.jsonl": ["Step-DPO", "preference", 1],
  "summarize-from-feedback.jsonl": ["OpenAI summaries", "preference", 2],
  "swift-pairs.jsonl": ["messages with a rejected response", "preference", 2],
  "to-annotate.jsonl": ["answers to rank", "answers", 2],
  "tool-calls.jsonl": ["messages", "completion", 1],
  "trl-language-modeling.jsonl": ["text", "text", 2],
  "trl-messages.jsonl": ["messages", "completion", 2],
  "trl-preference-implicit.jsonl": ["chosen and rejected", "preference", 2],
  "trl-preference-standard.jsonl": ["prompt, chosen and rejected", "preference", 2],
  "trl-preference.jsonl": ["prompt, chosen and rejected", "preference", 2],
  "trl-prompt-completion-standard.jsonl": ["prompt and completion", "completion", 2],
  "trl-prompt-completion.jsonl": ["prompt and completion", "completion", 2],
  "trl-prompt-only-standard.jsonl": ["prompt", "prompt", 2],
  "trl-prompt-only.jsonl": ["prompt", "prompt", 2],
  "trl-stepwise.jsonl": ["stepwise", "stepwise", 2],
  "trl-unpaired-standard.jsonl": ["prompt and completion", "unpaired", 2],
  "trl-unpaired.jsonl": ["prompt and completion", "unpaired", 2],
  "ultrachat.jsonl": ["exchanges", "completion", 2],
  "ultrafeedback-binarized.jsonl": ["prompt, chosen and rejected", "preference", 2],
  "ultrafeedback.jsonl": ["UltraFeedback", "ranking", 2],
  "ultrainteract.jsonl": ["ShareGPT with a pair", "preference", 2],
  "webgpt.jsonl": ["WebGPT", "preference", 2],
  "xlam.json": ["xLAM", "completion", 2],
  "xtuner.jsonl": ["exchanges", "completion", 2],
};

test("C12: the folder holds a file of each layout", () => {
  const held = readdirSync(folder).filter(
    (name) => /\.(jsonl?|csv)$/.test(name) && !/^(records|dataset_info)/.test(name),
  );
  expect(held.sort()).toEqual(Object.keys(files));
});

test.each(Object.entries(files))("C12: every row of %s is read as what it is", async (name, [layout, kind, rows]) => {
  const { good, bad } = await read(name);
  expect(bad).toEqual([]);
  expect(good.map((row) => [row.layout, row.kind])).toEqual(Array(rows).fill([layout, kind]));
});

test.each(Object.keys(files).filter((name) => files[name]![1] === "preference" && name !== "step-dpo.jsonl"))(
  "C12: of %s the better answer is the chosen one",
  async (name) => {
    const { good: rows } = await read(name);
    const said = JSON.stringify(rows.map((row) => row.kind === "preference" && row.chosen));
    const unsaid = JSON.stringify(rows.map((row) => row.kind === "preference" && row.rejected));
    const [right, wrong] = name.endsWith("preference-standard.jsonl") ? ["salty", "sweet"] : [good, bad];
    expect([said.includes(right), said.includes(wrong), unsaid.includes(wrong), unsaid.includes(right)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  },
);

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

test("C12: an OpenAssistant tree gives a ranking wherever answers were ranked, and its messages one a row give the same", async () => {
  const { good: rows } = await read("openassistant-trees.jsonl");
  const before = [user(tea), assistant(good), user("And black tea?")];
  expect(rows).toMatchObject([
    { prompt: [user(tea)], completions: [[assistant(bad)], [assistant(good)]], ranks: [1, 0] },
    { prompt: before, completions: [[assistant("Four minutes.")], [assistant("An hour.")]], ranks: [0, 1] },
  ]);
  const flat = await read("openassistant.jsonl");
  const texts = (all: ReadRow[]) =>
    all.map((row) => row.kind === "ranking" && [row.prompt, row.completions, row.ranks]);
  expect(texts(flat.good)).toEqual(texts(rows));
});

test("C12: HelpSteer2's answers to one prompt are a ranking by how helpful they are, and keep their attributes", async () => {
  const [row] = (await read("helpsteer2.jsonl")).good;
  expect(row).toMatchObject({ completions: [good, bad], ranks: [-4, -1], columns: { verbosity: [1, 1] } });
});

test("C12: of PRM800K each way that ends is a row, as in TRL's conversion, and Math-Shepherd's signs are labels", async () => {
  const right = { text: "A spider has eight legs.", label: true };
  expect((await read("prm800k.jsonl")).good).toMatchObject([
    { steps: [{ text: "A spider has six legs.", label: false }] },
    { steps: [right, { text: "Four times eight is 32.", label: true }] },
  ]);
  expect((await read("math-shepherd.jsonl")).good[1]).toMatchObject({
    prompt: "How many legs do four spiders have?",
    steps: [
      { text: "Step 1: A spider has eight legs.", label: true },
      { text: "Step 2: Four times eight is 36.", label: false },
    ],
  });
});

test("C12, C13: a turn with weight 0 is not learnt, and the weight reaches no template", async () => {
  const { good: rows } = await read("openai-chat.jsonl");
  expect(rows).toMatchObject([
    { prompt: [{ role: "system" }, user(tea), assistant(bad), user("Surely not?")], completion: [assistant(good)] },
    { completion: [assistant("Rivers carry dissolved minerals into it, and only the water evaporates.")] },
  ]);
  expect(JSON.stringify(rows.map((row) => row.kind === "completion" && [row.prompt, row.completion]))).not.toContain(
    "weight",
  );
});

test("C12, C13: what turns of LLaMA-Factory 1 say, think and call becomes content, reasoning and tool calls, and loss_weight 0 is not learnt", async () => {
  const { good: rows } = await read("llama-factory-1.jsonl");
  expect(rows).toMatchObject([
    { prompt: [user(tea), assistant(bad), user("Surely not?")], completion: [assistant(good)] },
    {
      prompt: [
        user("How salty is the North Sea?"),
        {
          role: "assistant",
          content: null,
          reasoning_content: "I should look it up.",
          tool_calls: [{ type: "function", function: { name: "salinity", arguments: { sea: "North Sea" } } }],
        },
        { role: "tool", content: "35" },
      ],
      completion: [{ content: "About 35 grams a litre.", reasoning_content: "So it is 35." }],
      template: { tools: [{ function: { name: "salinity" } }] },
    },
  ]);
  expect(JSON.stringify(rows.map((row) => row.kind === "completion" && [row.prompt, row.completion]))).not.toContain(
    "weight",
  );
});

test("C12: answers of Stack Exchange are ranked by their votes, and OpenAI's posts are asked for as in their paper", async () => {
  expect((await read("stack-exchange.jsonl")).good[0]).toMatchObject({
    prompt: [user(tea)],
    completions: [[assistant(bad)], [assistant(good)]],
    ranks: [-1, -5],
  });
  const prompts = (await read("summarize-from-feedback.jsonl")).good.map(
    (row) => row.kind === "preference" && row.prompt,
  );
  expect(prompts).toEqual([
    `SUBREDDIT: r/tea\n\nTITLE: ${tea}\n\nPOST: I asked how long tea should steep. Some said two minutes.\n\nTL;DR:`,
    "The sea is salty, scientists say.\n\nTL;DR:",
  ]);
});

test("C12: exchanges are turns, the first after its system text, and a worked solution is learnt rather than its result", async () => {
  const turns = async (name: string) =>
    (await read(name)).good.map((row) => row.kind === "completion" && [row.prompt, row.completion].flat());
  expect(await turns("xtuner.jsonl")).toEqual([
    [{ role: "system", content: "Be brief." }, user(tea), assistant(good), user("Really?"), assistant("Yes.")],
    [
      user("Why is the sea salty?"),
      assistant("Rivers carry dissolved minerals into it, and only the water evaporates."),
    ],
  ]);
  expect((await turns("firefly.jsonl"))[0]).toEqual([user(tea), assistant(good)]);
  expect((await turns("numina-math.jsonl"))[1]).toEqual([user("What is 2 plus 2?"), assistant("It is 4.")]);
});

test("C12: what is no good answer is not imitated: unsafe, wrong or not to be learnt, and steps after the first wrong one are not judged", async () => {
  const labels = async (name: string) => (await read(name)).good.map((row) => row.kind === "unpaired" && row.label);
  expect(await labels("beavertails.jsonl")).toEqual([true, false]);
  expect(await labels("open-math-instruct.jsonl")).toEqual([true, false]);
  expect((await read("agent-instruct.jsonl")).good).toMatchObject([
    { prompt: [user(expect.any(String) as string), assistant("OK."), user(tea)], completion: [assistant(good)] },
    { completion: [assistant("Rivers carry dissolved minerals into it, and only the water evaporates.")] },
  ]);
  expect((await read("processbench.jsonl")).good).toMatchObject([
    {
      steps: [
        { text: "A spider has eight legs.", label: true },
        { text: "Four times eight is 36.", label: false },
      ],
    },
    { steps: [{ text: "Two and two make four.", label: true }] },
  ]);
});

test("C12: turns are who speaks and what is said, whatever they are called", async () => {
  const brief = { role: "system", content: "Be brief." };
  for (const name of ["cohere.jsonl", "gemini.jsonl", "bedrock.jsonl"])
    expect((await read(name)).good[0]).toMatchObject({ prompt: [brief, user(tea)], completion: [assistant(good)] });
  for (const name of ["sharegpt-52k.jsonl", "capitals.csv", "distilabel-text.jsonl"])
    expect((await read(name)).good[0]).toMatchObject({ prompt: [user(tea)], completion: [assistant(good)] });
  expect((await read("ultrachat.jsonl")).good[0]).toMatchObject({
    prompt: [user(tea), assistant(good), user("And black tea?")],
    completion: [assistant("Four minutes.")],
  });
  expect((await read("hh-rlhf-chinese.jsonl")).good[0]).toMatchObject({ prompt: [user("绿茶要泡多久?")] });
  expect((await read("xlam.json")).good[0]).toMatchObject({
    prompt: [user("How long for green tea?")],
    completion: [{ content: null, tool_calls: [{ function: { name: "steep", arguments: { tea: "green" } } }] }],
    template: { tools: [{ name: "steep" }] },
  });
});

test("C12: answers with ratings are ranked by them, and of several good and bad ones every good one is better", async () => {
  expect((await read("distilabel-ratings.jsonl")).good[0]).toMatchObject({ ranks: [-1, -5] });
  expect((await read("rewardbench-2.jsonl")).good[0]).toMatchObject({ ranks: [1, 2, 2, 2] });
});

test("C12: OpenAI's older calls of functions are calls of tools, and one good answer may stand against several bad ones", () => {
  const call = { name: "steep", arguments: '{"tea":"green"}' };
  const messages = [
    user(tea),
    { role: "assistant", content: null, function_call: call },
    { role: "function", name: "steep", content: "3" },
    assistant(good),
  ];
  expect(anyRow.parse({ messages, functions: [{ name: "steep" }] })).toMatchObject({
    prompt: [user(tea), { tool_calls: [{ type: "function", function: call }] }, { role: "tool", name: "steep" }],
    completion: [assistant(good)],
    template: { tools: [{ type: "function", function: { name: "steep" } }] },
    unused: [],
  });
  expect(anyRow.parse({ prompt: tea, chosen: good, rejected: [bad, "Never."] })).toMatchObject({ ranks: [1, 2, 2] });
});

test("C16: a conversation in which nobody is known to answer is named with those who speak, and Python's text of one is reported", () => {
  const row = { messages: [user(tea), { role: "wizard", content: good }] };
  expect(anyRow.safeParse(row).error?.issues[0]?.message).toContain("of wizard: map who speaks");
  const printed = "[{'role': 'user', 'content': 'Hi'}]";
  expect(anyRow.parse({ prompt: tea, chosen: printed, rejected: "No." }).remarks).toEqual([
    "chosen is a conversation kept as Python prints it, and read as plain text",
  ]);
});

test("C12: an image is kept as a place in the text, and the row says what it holds", async () => {
  const [text, image] = (await read("content-parts.jsonl")).good;
  expect(text).toMatchObject({ prompt: [user("Why is the sea salty?")] });
  expect(text).not.toHaveProperty("media");
  expect(image).toMatchObject({ prompt: [{ content: "[image]What is this?" }], media: ["image"] });
});

test.each(["argilla.json", "argilla-hub.jsonl", "label-studio.json", "label-studio-choices.json"])(
  "C12: of %s the question is a turn of the user and each answer one of the assistant, as people were shown them",
  async (name) => {
    for (const row of (await read(name)).good) {
      const answer = row.kind === "preference" ? row.chosen : row.kind === "unpaired" ? row.completion : null;
      expect(row).toMatchObject({ prompt: [user(expect.any(String) as string)] });
      expect(answer).toEqual([assistant(expect.any(String) as string)]);
    }
  },
);

test("C12: Argilla's chat field is the conversation that the answers go on with", () => {
  const prompt = [user("Hello"), assistant("Hi."), user(tea)];
  const row = {
    fields: { prompt, response_1: good, response_2: bad },
    responses: { preference: [{ value: "response_1", user_id: "u", status: "submitted" }] },
  };
  expect(anyRow.parse(row)).toMatchObject({ prompt, chosen: [assistant(good)], rejected: [assistant(bad)] });
});

test("C16: a tree, a solution or an export that cannot be read is named by its line and what is expected", async () => {
  async function* given() {
    yield { line: 3, value: { message_tree_id: "1", message_id: "2", parent_id: "1", role: "assistant", text: "a" } };
    yield {
      line: 4,
      value: { prompt: { role: "prompter", text: "p", replies: [{ role: "bot", text: "a", replies: [] }] } },
    };
    yield { line: 5, value: { question: { problem: "p" }, label: { steps: [] } } };
  }
  const found = [];
  for await (const entry of expanded(given())) found.push(entry);
  expect(found).toEqual([
    { line: 3, reason: expect.stringContaining("no message without a parent_id") },
    { line: 4, reason: expect.stringContaining("neither prompter nor assistant") },
    { line: 5, reason: expect.stringContaining("label.steps holds no rated step") },
  ]);
});

test("C12: calls and answers of functions in glaive's texts are turns of their own, and what may be called is the system text", async () => {
  const { good: rows } = await read("glaive-tools.jsonl");
  expect(rows).toMatchObject([
    {
      prompt: [
        { role: "system", content: expect.stringMatching(/^You are a helpful assistant with access/) },
        user(tea),
        {
          role: "assistant",
          content: null,
          tool_calls: [{ function: { name: "steeping_time", arguments: { tea: "green" } } }],
        },
        { role: "tool", content: '{"minutes": 3}' },
      ],
      completion: [assistant(good)],
    },
  ]);
});

test("C12: MOSS's turns come in their order without their marks, and what it does unseen is told", async () => {
  const { good: rows } = await read("moss.jsonl");
  const system = { role: "system", content: "You are an AI assistant whose name is MOSS.\n- It answers briefly." };
  expect(rows[0]).toMatchObject({
    prompt: [system, user(tea), assistant(good), user("And black tea?")],
    completion: [assistant("Four minutes.")],
    remarks: [],
  });
  expect(rows[1]!.remarks).toEqual(["inner thoughts, commands and what tools answer are left out"]);
});
