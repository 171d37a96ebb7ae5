// The client of endpoints against a server of another program's: our own `workbench serve`, in a process of its own and with a key.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ask } from "../lib/endpoints/ask";
import { addEndpoint, changeEndpoint, endpointOf, listEndpoints } from "../lib/endpoints/endpoints";
import { tryEndpoint } from "../lib/endpoints/try-endpoint";
import { freshDatabase } from "./database";

let server: ChildProcess;
let id: number;
const messages = [{ role: "user", content: "Write a film review." }];
const question = { messages, max_tokens: 12, temperature: 1, seed: 3 };

beforeAll(async () => {
  freshDatabase();
  vi.stubEnv("SERVED_KEY", "of the test");
  server = spawn(process.execPath, ["scripts/program.mjs", "trainers/cli.ts", "serve", "tiny", "--port", "0"], {
    env: { ...process.env, WORKBENCH_SERVER_KEY: "of the test" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const told = createInterface({ input: server.stdout! });
  const line = await new Promise<string>((resolve) => told.once("line", resolve));
  const { url } = JSON.parse(line) as { url: string };
  const input = { name: "own", baseUrl: url, model: "tiny", keyVariable: "SERVED_KEY", requestsPerMinute: 6000 };
  id = addEndpoint({ ...input, inputPrice: 1, outputPrice: 2, spendingCap: null }, 0);
}, 120_000);
afterAll(() => {
  server.kill();
  vi.unstubAllEnvs();
});

test("it lists its model and writes; what it counts is what is paid for; the same again is not asked", async () => {
  expect(await tryEndpoint(endpointOf(id))).toBe("It lists one model, tiny among them.");
  const first = await ask(endpointOf(id), question);
  expect(first.text.length).toBeGreaterThan(0);
  expect(first.cost).toBeGreaterThan(0);
  expect(await ask(endpointOf(id), question)).toEqual({ ...first, cost: 0, cached: true });
  expect(listEndpoints()[0]).toMatchObject({ requests: 1, spent: first.cost, hasKey: true });
  const others = await Promise.all([4, 5, 6].map((seed) => ask(endpointOf(id), { ...question, seed })));
  expect(new Set([first, ...others].map(({ text }) => text)).size).toBeGreaterThan(1);
});

test("what it refuses is told in its words", async () => {
  await expect(ask(endpointOf(id), { ...question, max_tokens: 100_000 })).rejects.toThrow(/own gave no answer: 400 /);
  changeEndpoint(id, { model: "no such" });
  await expect(ask(endpointOf(id), question)).rejects.toThrow(/no such/);
  vi.stubEnv("SERVED_KEY", "another");
  await expect(tryEndpoint(endpointOf(id))).rejects.toThrow(/own gave no answer: 401 /);
});
