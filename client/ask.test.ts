// Answers as no workbench gives them.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { operations } from "../lib/api/operations";
import { ask } from "./ask";

async function asking(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return ask({ url: `http://127.0.0.1:${port}`, token: null }, operations.datasets, {});
}

test("an answer that breaks off is said to, and is no other version's", async () => {
  const broken = asking((_, answer) => {
    answer.writeHead(200, { "content-length": 100 });
    answer.write("[", () => answer.destroy());
  });
  await expect(broken).rejects.toThrow(/broke off its answer to \/api\/queues: /);
});

test.each(["<html>", '[{"id":"one"}]'])(
  "another form than the schema's is another version's: %s",
  async (text) =>
    await expect(asking((_, answer) => answer.end(text))).rejects.toThrow(/use the same version on both sides/),
);

test("refusals are in the server's words, and pages of a proxy are none", async () => {
  const refused = asking((_, answer) => answer.writeHead(404).end('{"error":"There is none."}'));
  await expect(refused).rejects.toThrow("There is none.");
  const proxy = asking((_, answer) => answer.writeHead(502).end("<html>Bad gateway</html>"));
  await expect(proxy).rejects.toThrow(/answered 502, and not as a workbench does/);
});
