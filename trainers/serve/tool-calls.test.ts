// Calls of tools as OpenAI's own client (npm openai 6.49.0) reads them. What the model writes is given, one token after another.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTokenizer } from "../models/tokenizer";
import type { Engine, SequenceRequest } from "./sequence";
import { apiServer } from "./server";
import { callReader, type Parts } from "./tool-calls";

const both = (pieces: string[], names = ["look"]): Parts => {
  const reader = callReader(names);
  const parts = [...pieces.map(reader.push), reader.rest()];
  return { text: parts.map(({ text }) => text).join(""), calls: parts.flatMap(({ calls }) => calls) };
};
const call = (name: string, values: object) => ({ name, arguments: JSON.stringify(values) });
const [look, look2] = [call("look", { at: "the } sea;" }), call("look", {})];
const block = (name: string, values: object, gap = "\n") =>
  `<tool_call>${gap}${JSON.stringify({ name, arguments: values })}${gap}</tool_call>`;

const answers: [string, string, Parts][] = [
  ["a call as Qwen writes it", block("look", { at: "the } sea;" }), { text: "", calls: [look] }],
  [
    "text, two calls, and space around them",
    `Let me see.\n${block("look", { at: "the } sea;" })}\n${block("look", {}, "")}\n`,
    { text: "Let me see.", calls: [look, look2] },
  ],
  ["a call that is not closed at the end", block("look", {}).replace("</tool_call>", ""), { text: "", calls: [look2] }],
  ["text after a call", `${block("look", {})}\nWait for it.`, { text: "\nWait for it.", calls: [look2] }],
  ["a call as Llama 3 writes it", '{"name": "look", "parameters": {"at": "the } sea;"}}', { text: "", calls: [look] }],
  [
    "JSON that calls nothing that is there",
    '{"name": "Anna", "parameters": {}}',
    { text: '{"name": "Anna", "parameters": {}}', calls: [] },
  ],
  ["JSON that is another answer", '{"name": "look"} ', { text: '{"name": "look"} ', calls: [] }],
  [
    "broken JSON",
    "See:\n<tool_call>{name: look}</tool_call>\n",
    { text: "See:\n<tool_call>{name: look}</tool_call>\n", calls: [] },
  ],
  [
    "a broken call and a whole one",
    `<tool_call>{</tool_call> ${block("look", {})}`,
    { text: "<tool_call>{</tool_call>", calls: [look2] },
  ],
  ["what only begins like a call", "1 < 2 <tool_", { text: "1 < 2 <tool_", calls: [] }],
  [
    "arguments that are JSON in a text",
    '<tool_call>{"name": "look", "arguments": "{}"}</tool_call>',
    { text: "", calls: [look2] },
  ],
];
test.each(answers)("%s: the same in one piece, by the letter, and by threes", (_, written, parts) => {
  expect(both([written])).toEqual(parts);
  expect(both([...written])).toEqual(parts);
  expect(both(written.match(/[\s\S]{1,3}/g)!)).toEqual(parts);
});

describe("through the server", () => {
  const folder = mkdtempSync(join(tmpdir(), "workbench-tools-"));
  const { templates } = JSON.parse(readFileSync("data/golden/tools/tools.json", "utf8")) as {
    templates: { qwen: string };
  };
  let said: string[] = [];
  let prompts: string[] = [];
  let server: ReturnType<typeof apiServer>;
  let client: OpenAI;
  beforeAll(async () => {
    copyFileSync("data/tiny/tokenizer.json", join(folder, "tokenizer.json"));
    const config: object = JSON.parse(readFileSync("data/tiny/tokenizer_config.json", "utf8"));
    const withTools = JSON.stringify({ ...config, chat_template: templates.qwen });
    writeFileSync(join(folder, "tokenizer_config.json"), withTools);
    const tokenizer = readTokenizer(folder);
    const engine: Engine = {
      context: 4096,
      submit(request: SequenceRequest) {
        prompts.push(tokenizer.exact(request.prompt));
        const ids = [...tokenizer.encode(said.shift()!), tokenizer.eos].slice(0, request.maxNewTokens);
        setImmediate(() => {
          ids.some((id) => request.token(id, null));
          request.ended(0);
        });
        return { cancel() {} };
      },
      counts: () => ({
        running: 0,
        waiting: 0,
        promptTokens: 0,
        cachedTokens: 0,
        answerTokens: 0,
        proposedTokens: 0,
        acceptedTokens: 0,
        preemptions: 0,
        cachePages: 0,
        cachePagesHeld: 0,
        cacheTokens: 0,
      }),
      uses: () => false,
    };
    const own = { names: ["tuned"], tokenizer, madeFor: engine.context, vocabulary: 1e6, engine };
    const served = { ...own, load: async () => {}, unserved: () => null };
    server = apiServer(served, { key: undefined, openTo: "this machine" });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    client = new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: "none", maxRetries: 0 });
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const tools = [
    { type: "function" as const, function: { name: "look", parameters: { type: "object", properties: {} } } },
  ];
  const asked = { model: "tuned", messages: [{ role: "user" as const, content: "Is it warm?" }], tools };
  const two = `I look.\n${block("look", { at: "sea" })}\n${block("look", { at: "sky" })}`;

  test("a message has its calls, whole and streamed", async () => {
    said = [two, two];
    const whole = await client.chat.completions.create(asked);
    const streamed = await client.chat.completions.stream(asked).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      const [{ message, finish_reason }] = choices as [(typeof choices)[0]];
      expect([message.content, finish_reason]).toEqual(["I look.", "tool_calls"]);
      const calls = message.tool_calls!.map((one) => (one.type === "function" ? one.function : null));
      expect(calls).toMatchObject([call("look", { at: "sea" }), call("look", { at: "sky" })]);
      expect(new Set(message.tool_calls!.map(({ id }) => id)).size).toBe(2);
    }
  });

  test("an answer that only calls has no content; one that is cut ends by its length; without tools it is text", async () => {
    const only = block("look", {});
    const { length } = readTokenizer(folder).encode(only);
    said = [only, `${only} and so on and on`, only, only];
    const one = async (more: object = {}) => (await client.chat.completions.create({ ...asked, ...more })).choices[0]!;
    expect((await one()).message.content).toBeNull();
    const cut = await one({ max_tokens: length + 2 });
    expect(cut).toMatchObject({ finish_reason: "length", message: { tool_calls: [{ function: { name: "look" } }] } });
    for (const more of [{ tools: undefined }, { tool_choice: "none" as const }]) {
      const { message, finish_reason } = await one(more);
      expect([message.content, message.tool_calls, finish_reason]).toEqual([only, undefined, "stop"]);
    }
  });

  test("the client's runner calls the tools, and the template shows the model its calls and their results", async () => {
    said = [block("look", { at: 'the "sea"' }), "It is warm."];
    prompts = [];
    const heard: unknown[] = [];
    const runner = client.chat.completions.runTools({
      ...asked,
      tools: [
        {
          type: "function",
          function: {
            name: "look",
            description: "how warm it is there",
            parse: JSON.parse as (text: string) => object,
            function: (values: object) => {
              heard.push(values);
              return "21 degrees";
            },
            parameters: { type: "object", properties: {} },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("It is warm.");
    expect(heard).toEqual([{ at: 'the "sea"' }]);
    expect(prompts[1]).toContain('"arguments": {"at": "the \\"sea\\""}}');
    expect(prompts[1]).toContain("21 degrees");
  });
});
