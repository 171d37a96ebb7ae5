import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ChatServer, chatServer, type Heard, type Reply } from "../../test/chat-server";
import { freshDatabase, seedQueue } from "../../test/database";
import { appDb } from "../db/client";
import { items } from "../db/tables/items";
import { queues } from "../db/tables/queues";
import { endpointInput } from "../endpoints/endpoint-schema";
import { addEndpoint, changeEndpoint, listEndpoints } from "../endpoints/endpoints";
import { fillState } from "./at-work";
import { startFilling } from "./fill";
import type { FillInput } from "./fill-schema";

beforeAll(() => void freshDatabase());
const open: ChatServer[] = [];
afterEach(() => {
  for (const { server } of open.splice(0)) server.close();
});

let named = 0;
async function writerThat(reply: (heard: Heard, number: number) => Reply, more: object = {}) {
  const server = await chatServer(reply);
  open.push(server);
  const input = { name: `w${++named}`, baseUrl: server.url, model: "m", outputPrice: 10, requestsPerMinute: 100_000 };
  const id = addEndpoint(endpointInput.parse({ ...input, ...more }), 0);
  return { ...server, id, writer: `endpoint:${id}` };
}
const promptOf = ({ body: { messages } }: Heard) => messages.at(-1)!.content;
const seedOf = ({ body }: Heard) => body.seed as number;

const fill = async (change: Partial<FillInput>, usual: Partial<FillInput> = {}) => {
  const input: FillInput = {
    ...{ queue: `Written ${++named}`, first: "", second: null, prompts: "", count: 10, answers: 2 },
    ...{ question: "compare" as const, temperature: 1, longest: 16, ...usual, ...change },
  };
  await startFilling(input, Date.now());
  await vi.waitFor(() => expect(fillState()!.running).toBe(false), { timeout: 100_000, interval: 20 });
  const queue = appDb()
    .select()
    .from(queues)
    .all()
    .find(({ name }) => name === input.queue);
  const rows = appDb()
    .select()
    .from(items)
    .all()
    .filter(({ queueId }) => queueId === queue?.id);
  return { input, state: fillState()!, rows };
};

test("an endpoint writes two answers to each prompt, by seeds; the same again is neither asked nor added", async () => {
  const prompts = `queue:${seedQueue(10, 0, "asked")}`;
  const { writer, heard, id } = await writerThat((one) => `${promptOf(one)}, answer ${seedOf(one)}`);
  const { input, state, rows } = await fill({ first: writer, prompts });
  expect(state).toMatchObject({ error: null, said: "10 of 10 prompts, 10 new pairs" });
  const name = `${listEndpoints().find((one) => one.id === id)!.name} (m)`;
  expect(rows.map(({ first, second, writers }) => [first, second, writers])).toEqual(
    Array.from({ length: 10 }, (_, i) => [...[`question ${i}, answer 0`, `question ${i}, answer 1`], [name, name]]),
  );
  expect(heard.length).toBe(20);
  expect(heard[0]!.body).toMatchObject({ max_tokens: 16, temperature: 1 });
  const again = await fill(input);
  expect(again.state.said).toBe("10 of 10 prompts, 0 new pairs");
  expect(heard.length).toBe(20);
  expect(listEndpoints().find((one) => one.id === id)!.spent).toBeCloseTo(20 * 10 * 1e-5, 12);
});

test("two endpoints write in turn; what is cut, empty or nearly the same is left out; single answers are records each", async () => {
  const prompts = `queue:${seedQueue(4, 0, "asked twice")}`;
  const words = "a sentence of more than five words that both of them write";
  const cut: Reply = {
    status: 200,
    body: { choices: [{ message: { role: "assistant", content: "cut" }, finish_reason: "length" }] },
  };
  const one = await writerThat((heard) => (promptOf(heard) === "question 0" ? words : "mine"));
  const other = await writerThat((heard) => [words, cut, " ", "theirs"][Number(promptOf(heard).split(" ")[1])]!);
  const asked = { first: one.writer, second: other.writer, prompts };
  const { rows } = await fill(asked);
  expect(rows.map(({ first, second, writers }) => [first, second, new Set(writers).size])).toEqual([
    ["mine", "theirs", 2],
  ]);
  const single = await fill({ ...asked, question: "single" });
  expect(single.rows.map(({ first, second }) => [first, second])).toEqual(
    [words, "mine", "mine", "mine", "theirs"].map((text) => [text, ""]),
  );
});

test("a model of this machine writes beside an endpoint, of whatever base", async () => {
  const { writer } = await writerThat((one) => `of the endpoint: ${promptOf(one)}`);
  const { state, rows } = await fill({
    first: writer,
    second: "base:tiny",
    prompts: "film-reviews",
    count: 16,
    longest: 64,
  });
  expect(state.error).toBeNull();
  expect(rows.length).toBeGreaterThan(0); // answers of tiny that end within 64 tokens
  for (const { first, second, writers } of rows) {
    expect(first).toContain("of the endpoint: ");
    expect(second).not.toContain("of the endpoint: ");
    expect(writers![1]).toBe("tiny");
  }
});

test("at the cap it says so and keeps what there is; a writer that is not there is refused at once", async () => {
  const prompts = `queue:${seedQueue(30, 0, "too dear")}`;
  const { writer, id } = await writerThat((one) => `answer ${seedOf(one)}`, { spendingCap: 0.002 }); // $0.0001 each
  const { input, state, rows } = await fill({ first: writer, prompts, count: 30 }); // two batches of 16 requests
  expect(state.error).toMatch(/its cap is \$0\.002/);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(30);
  changeEndpoint(id, { spendingCap: null });
  expect((await fill(input)).state.said).toContain("30 of 30 prompts");
  await expect(fill({ first: "endpoint:999", prompts })).rejects.toThrow("There is no endpoint 999");
  await expect(fill({ first: writer, second: "run:none", prompts })).rejects.toThrow("none");
});
