import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ChatServer, chatServer, hangUp, type Reply } from "../../test/chat-server";
import { freshDatabase } from "../../test/database";
import { appDb } from "../db/client";
import { endpointAnswers } from "../db/tables/endpoints";
import { ask } from "./ask";
import type { EndpointInput } from "./endpoint-schema";
import { addEndpoint, changeEndpoint, endpointOf, listEndpoints } from "./endpoints";
import { tryEndpoint } from "./try-endpoint";

beforeAll(() => void freshDatabase());
const open: ChatServer[] = [];
afterEach(() => {
  for (const { server } of open.splice(0)) server.close();
  vi.unstubAllEnvs();
});

let named = 0;
async function endpointThat(reply: Parameters<typeof chatServer>[0], more: Partial<EndpointInput> = {}) {
  const server = await chatServer(reply);
  open.push(server);
  const prices = { inputPrice: 2, outputPrice: 30, requestsPerMinute: 100_000, spendingCap: null };
  const input = { name: `scripted ${++named}`, baseUrl: server.url, model: "scripted", keyVariable: null, ...prices };
  const id = addEndpoint({ ...input, ...more }, 0);
  return { ...server, id, ask: (content: string, seed?: number) => ask(endpointOf(id), questionOf(content, seed)) };
}
const questionOf = (content: string, seed?: number) => ({
  ...{ messages: [{ role: "user", content }], max_tokens: 20, temperature: 0 },
  ...(seed !== undefined && { seed }),
});
/** The replies one after the other, the last one from then on. */
const inTurn =
  (...replies: Reply[]) =>
  (_: unknown, i: number): Reply =>
    replies[Math.min(i, replies.length - 1)]!;
const refusal = (status: number, headers: Record<string, string> = {}): Reply => ({
  ...{ status, body: { error: { message: "not now", type: "busy" } } },
  headers: { "retry-after-ms": "5", ...headers },
});

test("the same request is paid for once, at the prices of its endpoint; another seed asks again", async () => {
  const { id, heard, ask } = await endpointThat((_, i) => `answer ${i}`);
  const cost = (100 * 2 + 10 * 30) / 1e6;
  expect(await ask("a")).toEqual({ text: "answer 0", ended: true, cost, cached: false });
  expect(await ask("a")).toEqual({ text: "answer 0", ended: true, cost: 0, cached: true });
  expect((await ask("a", 1)).text).toBe("answer 1");
  expect((await ask("b")).text).toBe("answer 2");
  expect(heard.length).toBe(3);
  expect(heard[0]!.body).toEqual({ ...questionOf("a"), model: "scripted" });
  const { spent, requests } = listEndpoints().find((one) => one.id === id)!;
  expect(requests).toBe(3);
  expect(spent).toBeCloseTo(3 * cost, 12);
  const kept = appDb()
    .select()
    .from(endpointAnswers)
    .all()
    .filter(({ endpointId }) => endpointId === id);
  expect(kept.map((row) => [row.answer, row.inputTokens, row.outputTokens, row.cost])).toEqual(
    [0, 1, 2].map((i) => [`answer ${i}`, 100, 10, cost]),
  );
});

test("beyond the cap nothing is sent: the refusal names the cap and what was spent; the cache goes on answering", async () => {
  const { id, heard, ask } = await endpointThat(() => "yes", { spendingCap: 0.0008 }); // each costs 0.0005
  await ask("a");
  await ask("b");
  await expect(ask("c")).rejects.toThrow(/has spent \$0\.001, and its cap is \$0\.0008/);
  await expect(tryEndpoint(endpointOf(id))).rejects.toThrow(/cap is/);
  expect(heard.filter(({ path }) => path.endsWith("/chat/completions")).length).toBe(2);
  expect(await ask("b")).toMatchObject({ cached: true });
  changeEndpoint(id, { spendingCap: 1 });
  expect(await ask("c")).toMatchObject({ text: "yes", cached: false });
});

test.each([
  ["429", refusal(429)],
  ["500", refusal(500)],
  ["503", refusal(503)],
  ["a lost connection", hangUp],
])("%s is tried again", async (_, wrong) => {
  const { heard, ask } = await endpointThat(inTurn(wrong, "at last"));
  expect((await ask("a")).text).toBe("at last");
  expect(heard.length).toBe(2);
});

test("a model that takes max_completion_tokens alone is asked by that name, from its first refusal on", async () => {
  const error = {
    message:
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ...{ type: "invalid_request_error", param: "max_tokens", code: "unsupported_parameter" },
  };
  const { heard, ask } = await endpointThat(({ body }) =>
    "max_tokens" in body ? { status: 400, body: { error } } : "yes",
  );
  expect(await ask("a")).toMatchObject({ text: "yes" });
  expect(await ask("b")).toMatchObject({ text: "yes" });
  const { max_tokens: most, ...rest } = questionOf("b");
  expect(heard.map(({ body }) => "max_tokens" in body)).toEqual([true, false, false]);
  expect(heard[2]!.body).toEqual({ ...rest, max_completion_tokens: most, model: "scripted" });
});

test("tries end: six times, or at once where the server wants a pause of more than a minute, or says that the request is wrong", async () => {
  const never = await endpointThat(inTurn(refusal(429)));
  await expect(never.ask("a")).rejects.toMatchObject({ status: 503, message: expect.stringContaining("429 not now") });
  expect(never.heard.length).toBe(6);
  const tomorrow = await endpointThat(
    inTurn({ status: 429, body: { error: { message: "daily limit" } }, headers: { "retry-after": "86400" } }),
  );
  await expect(tomorrow.ask("a")).rejects.toThrow("daily limit");
  expect(tomorrow.heard.length).toBe(1);
  const wrong = await endpointThat(inTurn(refusal(404)));
  await expect(wrong.ask("a")).rejects.toMatchObject({ status: 400 });
  expect(wrong.heard.length).toBe(1);
  expect(listEndpoints().find(({ id }) => id === never.id)).toMatchObject({ spent: 0, requests: 0 });
});

test("a redirect is not followed: it could lead the key elsewhere", async () => {
  const elsewhere = await endpointThat(() => "elsewhere");
  const { heard, ask } = await endpointThat(
    inTurn({
      status: 307,
      body: {},
      headers: { location: `${elsewhere.url}/chat/completions`, "retry-after-ms": "1" },
    }),
  );
  await expect(ask("a")).rejects.toThrow("gave no answer: 307");
  expect(heard.length).toBe(1);
  expect(elsewhere.heard).toEqual([]);
});

test("the key comes from the variable alone, is sent to nobody else and is in no error", async () => {
  vi.stubEnv("OPENAI_API_KEY", "sk-of-somebody-else");
  vi.stubEnv("OPENAI_ORG_ID", "org-of-somebody-else");
  const open = await endpointThat(() => "yes");
  await open.ask("a");
  expect(JSON.stringify(open.heard[0]!.headers)).not.toContain("somebody-else");
  const keyed = await endpointThat(
    ({ headers }) => ({ status: 401, body: { error: { message: `wrong key: ${headers.authorization}` } } }),
    { keyVariable: "A_TEST_KEY" },
  );
  await expect(keyed.ask("a")).rejects.toThrow("takes its key from A_TEST_KEY, which is not set");
  vi.stubEnv("A_TEST_KEY", "sk-secret");
  await expect(keyed.ask("a")).rejects.toThrow("wrong key: Bearer …");
  expect(keyed.heard[0]!.headers.authorization).toBe("Bearer sk-secret");
  expect(JSON.stringify(listEndpoints())).not.toContain("sk-secret");
});

test("requests are no closer than the rate allows, retries included", async () => {
  const { id, heard, ask } = await endpointThat((_, i) => (i === 1 ? refusal(500) : "yes"), { requestsPerMinute: 600 });
  const begun = Date.now();
  await Promise.all(["a", "b", "c"].map((word) => ask(word)));
  expect(heard.length).toBe(4);
  const { nextTurnAt } = endpointOf(id); // after four turns of 100 ms, and the last was waited for
  expect(nextTurnAt).toBeGreaterThanOrEqual(begun + 400);
  expect(Math.max(...heard.map(({ at }) => at))).toBeGreaterThanOrEqual(nextTurnAt - 100 - clocksApart);
});
/** Milliseconds by which a timer may fire early. */
const clocksApart = 5;

test("whoever does not tell tokens is counted at one a byte", async () => {
  const body = { choices: [{ message: { role: "assistant", content: "ünü" }, finish_reason: "length" }] };
  const { ask } = await endpointThat(inTurn({ status: 200, body }));
  const input = Buffer.byteLength(JSON.stringify(questionOf("a").messages));
  expect(await ask("a")).toMatchObject({ ended: false, cost: (input * 2 + 5 * 30) / 1e6 });
});

test("a test tells what is listed, and asks for a token where the model is not", async () => {
  const listing = (...ids: string[]): Reply => ({
    status: 200,
    body: { object: "list", data: ids.map((id) => ({ id })) },
  });
  const heard = async (list: Reply) => {
    const { id } = await endpointThat(({ path }) => (path.endsWith("/models") ? list : "Hi"));
    return tryEndpoint(endpointOf(id));
  };
  expect(await heard(listing("scripted", "other"))).toBe("It lists 2 models, scripted among them.");
  expect(await heard(listing("other"))).toBe(
    "scripted is not among the models that it lists (other), but scripted answered one token for $0.0005.",
  );
  expect(await heard(refusal(404))).toBe("It lists no models; scripted answered one token for $0.0005.");
});
