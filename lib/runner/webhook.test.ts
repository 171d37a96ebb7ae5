import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { notifyWebhook, type RunNotification, testWebhook } from "./webhook";

const notification: RunNotification = {
  text: "Run A: entropy has collapsed",
  run: { id: "a", name: "A" },
  kind: "alert",
};
afterEach(() => void vi.unstubAllEnvs());

async function hearing(status: number): Promise<{ url: string; heard: string[]; close: () => void }> {
  const heard: string[] = [];
  const server = createServer(async (request, response) => {
    for await (const chunk of request) heard.push(String(chunk));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, close: () => server.close() };
}

test("notifications go to the address, and to none where there is none", async () => {
  const { url, heard, close } = await hearing(200);
  await notifyWebhook(notification);
  expect(heard).toEqual([]);
  vi.stubEnv("WORKBENCH_WEBHOOK", url);
  await notifyWebhook(notification);
  expect(JSON.parse(heard.join(""))).toEqual(notification);
  close();
});

test("an address that refuses or is not there stops nothing", async () => {
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { url, close } = await hearing(500);
  vi.stubEnv("WORKBENCH_WEBHOOK", url);
  await notifyWebhook(notification);
  close();
  vi.stubEnv("WORKBENCH_WEBHOOK", "http://127.0.0.1:1");
  await notifyWebhook(notification);
  expect(said.mock.calls.map(([text]) => String(text))).toEqual([
    "warn: the webhook was not told: it answered 500\n",
    expect.stringMatching(/^warn: the webhook was not told: /),
  ]);
  said.mockRestore();
});

test("a test of the address tells its answer, or what is wrong, and shows no more of it than its host", async () => {
  await expect(testWebhook()).rejects.toThrow(/WORKBENCH_WEBHOOK is not set/);
  const { url, heard, close } = await hearing(204);
  vi.stubEnv("WORKBENCH_WEBHOOK", `${url}/secret`);
  expect(await testWebhook()).toBe(204);
  expect(JSON.parse(heard.join(""))).toMatchObject({ kind: "test" });
  close();
  const refusing = await hearing(500);
  vi.stubEnv("WORKBENCH_WEBHOOK", `${refusing.url}/secret`);
  const { host } = new URL(refusing.url);
  await expect(testWebhook()).rejects.toThrow(`The webhook ${host} was not told: it answered 500.`);
  refusing.close();
  vi.stubEnv("WORKBENCH_WEBHOOK", "http://127.0.0.1:1/secret");
  await expect(testWebhook()).rejects.toThrow(/^The webhook 127\.0\.0\.1:1 was not told: .*\.$/);
});
