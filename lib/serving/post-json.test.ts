import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { postJson } from "./post-json";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function serverThat(answers: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answers as never);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

test("what is sent arrives, and the answer comes with its status, its type and its bytes", async () => {
  const url = await serverThat(async (request, response) => {
    response.writeHead(418, { "content-type": "application/json" });
    for await (const part of request) response.write(part);
    response.end();
  });
  const answer = await postJson(url, { text: "Zürich" }, { authorization: "Bearer x" }, new AbortController().signal);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([418, "application/json"]);
  expect(await answer.json()).toEqual({ text: "Zürich" });
});

test("whoever no longer wants an answer ends it, before it has begun and in the middle", async () => {
  const closed: Promise<unknown>[] = [];
  const url = await serverThat((_, response) => {
    closed.push(once(response, "close"));
    if (closed.length > 1) response.write("data: 1\n\n");
  });
  const stop = new AbortController();
  const waiting = postJson(url, {}, {}, stop.signal);
  await expect.poll(() => closed.length).toBe(1);
  stop.abort();
  await expect(waiting).rejects.toThrow("aborted");
  const begun = await postJson(url, {}, {}, new AbortController().signal);
  const reader = begun.body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n");
  await reader.cancel();
  await Promise.all(closed);
});
