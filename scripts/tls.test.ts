import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { serveTls, tlsFiles } from "./setup/tls.mjs";

const folder = mkdtempSync(join(tmpdir(), "workbench-tls-"));
const files = { certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") };
beforeAll(() => {
  const subject = ["-subj", "/CN=labels.example.org", "-days", "1", "-newkey", "rsa:2048", "-nodes"];
  const out = ["-keyout", files.key, "-out", files.certificate];
  execFileSync("openssl", ["req", "-x509", ...subject, ...out], { stdio: "ignore" });
});

const open: { close: () => void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) server.close();
});

async function behind(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const front = await serveTls(files, 0, (server.address() as AddressInfo).port, () => {});
  open.push(front, server);
  return (front.address() as AddressInfo).port;
}

/** The answer once its head has come. */
async function ask(port: number, body = Buffer.alloc(0), headers = {}): Promise<IncomingMessage> {
  const asked = request({ port, method: "POST", path: "/a?b=c", rejectUnauthorized: false, headers });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

test("a request arrives whole, as it was sent, with the address of the caller rather than what they say", async () => {
  const body = Buffer.alloc(3 * 2 ** 20, "rows");
  const server = createServer(async (asked, answer) => {
    const { host, "x-forwarded-for": from, origin } = asked.headers;
    const said = {
      method: asked.method,
      url: asked.url,
      host,
      from,
      origin,
      bytes: (await buffer(asked)).equals(body),
    };
    answer.writeHead(201, [
      ["set-cookie", "one=1"],
      ["set-cookie", "two=2"],
    ]);
    answer.end(JSON.stringify(said));
  });
  const headers = { host: "labels.example.org", origin: "https://labels.example.org", "x-forwarded-for": "192.0.2.1" };
  const answer = await ask(await behind(server), body, headers);
  expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([201, ["one=1", "two=2"]]);
  const { from, ...said } = JSON.parse(await text(answer)) as Record<string, unknown>;
  const { host, origin } = headers;
  expect(said).toEqual({ method: "POST", url: "/a?b=c", host, origin, bytes: true });
  expect(from).toMatch(/127\.0\.0\.1|::1/);
});

test("what is streamed comes as it is written, and ends on the server when the caller leaves", async () => {
  let left: Promise<unknown> | undefined;
  const server = createServer((_, answer) => {
    left = once(answer, "close");
    answer.write("first"); // and never ends
  });
  const answer = await ask(await behind(server));
  expect(String((await once(answer, "data"))[0])).toBe("first");
  answer.destroy();
  await left;
});

test("while the server is away the answer is a sentence", async () => {
  const server = createServer();
  const port = await behind(server);
  server.close();
  const answer = await ask(port);
  expect([answer.statusCode, await text(answer)]).toEqual([502, expect.stringContaining("try again in a moment")]);
});

test("files that are no certificate with its key, or none, end npm start with a sentence", () => {
  const said = (...words: string[]) => {
    try {
      return tlsFiles(words);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(said("--team")).toBeNull();
  expect(said("--tls", files.certificate)).toContain("--tls takes two files");
  expect(said("--tls", files.certificate, files.key)).toContain("WORKBENCH_URL=https://");
  vi.stubEnv("WORKBENCH_URL", "https://labels.example.org");
  expect(said("--tls", files.certificate, files.key)).toEqual(files);
  const other = join(folder, "other.pem");
  writeFileSync(other, "nothing");
  expect(said("--tls", files.certificate, other)).toContain(`${other} cannot be used for TLS`);
  expect(said("--tls", join(folder, "gone.pem"), files.key)).toContain("ENOENT");
});
