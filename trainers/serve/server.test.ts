// The server as OpenAI's own client (npm openai 6.49.0) finds it.
import type { AddressInfo } from "node:net";
import OpenAI, { type APIError, AuthenticationError, BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { heldInFull } from "../../spec/fields/model";
import { readModel } from "../models/load";
import { loadServed, type Served } from "./served";
import { apiServer } from "./server";

let served: Served;
let url: string;
let client: OpenAI;
const servers: ReturnType<typeof apiServer>[] = [];

async function listening(options: Parameters<typeof apiServer>[1]): Promise<string> {
  const server = apiServer(served, options);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const model = { source: "tiny", dtype: "float32" as const, ...heldInFull };
  served = await loadServed({ model, policies: new Map(), rows: 4, context: 256 });
  url = await listening({ key: undefined, openTo: "this machine" });
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => {
  for (const server of servers) server.close();
});

const messages = [{ role: "user" as const, content: "Write a film review." }];
const chat = { model: "tiny", messages, max_tokens: 24, seed: 5 };

test("what is served unasked is what the model was made for", async () => {
  const model = { source: "tiny", dtype: "float32" as const, ...heldInFull };
  const config = JSON.parse((await readModel("tiny")).companions()["config.json"]!) as Record<string, unknown>;
  const unasked = await loadServed({ model, policies: new Map(), rows: 2, context: null });
  expect([unasked.engine.context, unasked.madeFor]).toEqual([
    config.max_position_embeddings,
    config.max_position_embeddings,
  ]);
  const longer = await loadServed({ model, policies: new Map(), rows: 2, context: 2 * unasked.madeFor });
  expect(longer.engine.context).toBe(2 * longer.madeFor);
});

test("lists and shows its models", async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toEqual(["tiny"]);
  expect(await client.models.retrieve("tiny")).toEqual(data[0]);
});

test("a chat streamed is the chat at once, for every choice, with the same usage", async () => {
  const whole = await client.chat.completions.create({ ...chat, n: 3 });
  const parts = await client.chat.completions.create({
    ...{ ...chat, n: 3, stream: true as const, stream_options: { include_usage: true } },
  });
  const texts = ["", "", ""];
  const ends: (string | null)[] = [];
  let usage: unknown;
  for await (const { choices, usage: told } of parts) {
    for (const { index, delta, finish_reason } of choices) {
      texts[index] += delta.content ?? "";
      ends[index] ??= finish_reason;
    }
    usage ??= told;
  }
  expect(texts).toEqual(whole.choices.map(({ message }) => message.content));
  expect(new Set(texts).size).toBe(3);
  expect(ends).toEqual(whole.choices.map(({ finish_reason }) => finish_reason));
  const { prompt_tokens, completion_tokens } = whole.usage!;
  expect(usage).toMatchObject({ prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens });
});

test("a seed repeats an answer, and without one answers differ", async () => {
  const once = async (seed?: number) => {
    const { choices } = await client.chat.completions.create({ ...chat, seed: seed ?? null, max_tokens: 40 });
    return choices[0]!.message.content;
  };
  expect(await once(8)).toBe(await once(8));
  expect(new Set(await Promise.all(Array.from({ length: 6 }, () => once()))).size).toBeGreaterThan(1);
});

test("the client's own streaming helper puts a message together", async () => {
  const stream = client.chat.completions.stream(chat);
  const final = await stream.finalChatCompletion();
  expect(final.choices[0]!.message.content).toBe(
    (await client.chat.completions.create(chat)).choices[0]!.message.content,
  );
});

test("a chat ends before a stop string, and at its end token", async () => {
  const greedy = { ...chat, max_tokens: 60, temperature: 0 };
  const { choices } = await client.chat.completions.create(greedy);
  const text = choices[0]!.message.content!;
  const stop = text.slice(12, 17);
  const cut = await client.chat.completions.create({ ...greedy, stop: ["never there", stop] });
  expect(cut.choices[0]).toMatchObject({
    finish_reason: "stop",
    message: { content: text.slice(0, text.indexOf(stop)) },
  });
  const ended = await client.completions.create({
    model: "tiny",
    prompt: "The film was",
    max_tokens: 40,
    temperature: 0,
  });
  expect(ended.choices[0]).toMatchObject({ finish_reason: "stop", text: " forgotten by morning." });
});

test("log-probabilities of a chat: a token each, which make up the text, beside the likeliest", async () => {
  const { choices } = await client.chat.completions.create({ ...chat, logprobs: true, top_logprobs: 2 });
  const [{ logprobs, message, finish_reason }] = choices as [(typeof choices)[0]];
  const tokens = logprobs!.content!;
  const text = tokens.map(({ bytes }) => Buffer.from(bytes!).toString()).join("");
  expect(finish_reason === "stop" ? text.startsWith(message.content!) : text === message.content).toBe(true);
  for (const { logprob, top_logprobs: top } of tokens) {
    expect(top).toHaveLength(2);
    expect(top[0]!.logprob).toBeGreaterThanOrEqual(Math.max(top[1]!.logprob, logprob));
  }
});

test("completions of several prompts, as texts or as token ids, with echo and log-probabilities as lm-eval asks for them", async () => {
  const texts = ["The film was", "The music is slow"];
  const ids = texts.map((text) => served.tokenizer.document(text));
  const asked = { model: "tiny", max_tokens: 1, temperature: 0, logprobs: 1, echo: true };
  const [byText, byIds] = [
    await client.completions.create({ ...asked, prompt: texts }),
    await client.completions.create({ ...asked, prompt: ids }),
  ];
  expect(byIds.choices).toEqual(byText.choices);
  byText.choices.forEach(({ index, logprobs, text }, i) => {
    expect(index).toBe(i);
    expect(text.startsWith(texts[i]!)).toBe(true);
    const { tokens, token_logprobs: values, top_logprobs: top, text_offset: at } = logprobs!;
    expect(tokens).toHaveLength(ids[i]!.length + 1);
    expect(tokens!.join("")).toBe(text);
    expect(values![0]).toBeNull();
    expect(tokens!.map((token, j) => text.slice(at![j], at![j]! + token.length))).toEqual(tokens);
    for (const [j, value] of values!.entries())
      if (j > 0) expect(Object.values(top![j]!)[0]).toBeGreaterThanOrEqual(value);
  });
});

test("a completion streamed with echo begins with its prompt", async () => {
  const asked = { model: "tiny", prompt: "The film was", max_tokens: 12, temperature: 0, echo: true };
  let text = "";
  for await (const { choices } of await client.completions.create({ ...asked, stream: true }))
    text += choices[0]?.text ?? "";
  expect(text).toBe((await client.completions.create(asked)).choices[0]!.text);
});

test("tools reach the chat template, or are kept from it", async () => {
  const tools = [
    { type: "function" as const, function: { name: "look", parameters: { type: "object", properties: {} } } },
  ];
  const prompt = async (more: object) =>
    (await client.chat.completions.create({ ...chat, ...more })).usage!.prompt_tokens;
  const [with_, without, none] = [
    await prompt({ tools }),
    await prompt({}),
    await prompt({ tools, tool_choice: "none" }),
  ];
  const shown = served.tokenizer.conversation(messages, true, { tools }).length;
  expect([with_, without, none]).toEqual([shown, none, without]);
});

test("whoever goes away in the middle of a stream is no longer written for", async () => {
  const stream = await client.chat.completions.create({
    ...chat,
    max_tokens: 200,
    ignore_eos: true,
    stream: true,
  } as never);
  for await (const _ of stream as unknown as AsyncIterable<object>) break;
  await expect.poll(() => served.engine.counts().running).toBe(0);
  expect(served.engine.counts().waiting).toBe(0);
});

const refusals: [string, object, new (...args: never[]) => APIError, string][] = [
  [
    "a model that is not here",
    { ...chat, model: "gpt-4" },
    NotFoundError,
    'there is no model "gpt-4" here, only "tiny"',
  ],
  ["an answer that does not fit", { ...chat, max_tokens: 250 }, BadRequestError, "together they may have 256"],
  ["a temperature out of range", { ...chat, temperature: 9 }, BadRequestError, "temperature"],
  [
    "what is not there: an answer in JSON",
    { ...chat, response_format: { type: "json_object" } },
    BadRequestError,
    "only plain text",
  ],
  [
    "an image",
    { ...chat, messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
    BadRequestError,
    "messages",
  ],
  [
    "a token beyond the vocabulary",
    { ...chat, logit_bias: { 99999: 1 } },
    BadRequestError,
    "token 99999 is not one of the model's",
  ],
];
test.each(refusals)("refuses %s in words that name it", async (_, body, kind, words) => {
  const error = await client.chat.completions.create(body as never).then(
    () => null,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(kind);
  expect((error as APIError).message).toContain(words);
});

test("a key is asked of everybody but who only wants to know whether it is well", async () => {
  const guarded = await listening({ key: "secret", openTo: "this machine" });
  const ask = (apiKey: string) => new OpenAI({ baseURL: `${guarded}/v1`, apiKey, maxRetries: 0 }).models.list();
  await expect(ask("Secret")).rejects.toThrow(AuthenticationError);
  expect((await ask("secret")).data).toHaveLength(1);
  expect((await fetch(`${guarded}/health`)).status).toBe(200);
  expect((await fetch(`${guarded}/metrics`)).status).toBe(401);
});

test("an adapter's folder counts only where the server was started so", async () => {
  const headers = { "x-adapter-folder": encodeURIComponent("/nowhere at all") };
  expect((await client.chat.completions.create(chat, { headers })).choices).toHaveLength(1);
  const byFolder = await listening({ key: "secret", openTo: "this machine", byFolder: true });
  const keyed = new OpenAI({ baseURL: `${byFolder}/v1`, apiKey: "secret", maxRetries: 0 });
  await expect(keyed.chat.completions.create(chat, { headers })).rejects.toThrow("/nowhere at all/adapter_config.json");
});

test("pages of other sites are not answered: not as another host, and not without a content type that they may not send", async () => {
  const body = JSON.stringify(chat);
  const plain = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body,
    headers: { "content-type": "text/plain" },
  });
  expect([plain.status, (await plain.json()).error.message]).toEqual([
    415,
    "send JSON, with content-type: application/json",
  ]);
  const { request } = await import("node:http");
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request(`${url}/v1/models`, { headers: { host: "rebound.example" } }, (answer) =>
      resolve(answer.statusCode!),
    );
    asked.on("error", reject).end();
  });
  expect(status).toBe(403);
});

test.each([
  ["no JSON", "{", 400],
  ["a list", "[]", 400],
  ["what is too long", JSON.stringify({ ...chat, user: "x".repeat(10_000_001) }), 413],
])("a body that is %s is refused, and the server goes on", async (_, body, status) => {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(status);
  expect((await client.models.list()).data).toHaveLength(1);
});

test("tells of tokens as vLLM does: ids of a text and of a conversation, the text of ids, what the tokenizer has", async () => {
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/${path}`, { method: "POST", body: JSON.stringify(body), headers });
    return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
  };
  const { tokenizer } = served;
  const ids = tokenizer.encode("The Quiet River");
  expect(await post("tokenize", { prompt: "The Quiet River", add_special_tokens: false })).toMatchObject({
    ...{ tokens: ids, count: ids.length, max_model_len: 256 },
  });
  const asked = tokenizer.conversation(messages, true);
  expect(await post("tokenize", { messages })).toMatchObject({ tokens: asked });
  expect(await post("detokenize", { tokens: asked })).toMatchObject({ prompt: tokenizer.exact(asked) });
  expect(await post("detokenize", { tokens: [1e6] })).toMatchObject({ status: 400 });
  const info = (await (await fetch(`${url}/tokenizer_info`)).json()) as Record<string, string>;
  expect(info).toMatchObject({ chat_template: tokenizer.template, eos_token: tokenizer.show(tokenizer.eos) });
  expect(tokenizer.encode(info.eos_token!)).toEqual([tokenizer.eos]);
});

test("counts what it does, as Prometheus reads it", async () => {
  const value = async (name: string) =>
    Number(new RegExp(`^workbench_${name} (\\d+)$`, "m").exec(await (await fetch(`${url}/metrics`)).text())![1]);
  const before = await value("generation_tokens_total");
  const { usage } = await client.chat.completions.create(chat);
  expect((await value("generation_tokens_total")) - before).toBe(usage!.completion_tokens);
  expect(await value("requests_running")).toBe(0);
});
