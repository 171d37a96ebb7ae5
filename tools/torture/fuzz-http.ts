// Requests with something wrong in them to every route, bodies without an end, and packed ones that unpack to gigabytes.
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { createRandom } from "../../common/random";
import { freePort, killAll, partsOf, serving, start } from "../../test/server";
import { enter } from "./annotators";
import type { Experiment, Outcome, Setting } from "./experiment";
import { mutatedRequest, pathsTo, type Sent } from "./http-requests";

const secretText = "SECRET-TOKEN-abcdef";
const longestMs = 120_000;
const mostMegabytes = 300;
/** After so many requests a large one. */
const largeEvery = 200;
const largeBytes = 2 ** 30;

export const fuzzHttp: Experiment = {
  name: "fuzz-http",
  fault: "requests to every route with odd ids, queries, bodies and 600 paths to files; bodies of 1 GB; gzip bombs",
  demand: `no 500, an answer to each, nothing outside read, at most ${mostMegabytes} MB more memory`,
  size: 10_000,
  unit: "requests",
  run,
};

async function run({ size, seed, folder, signal, say }: Setting): Promise<Outcome> {
  const random = createRandom(seed, "fuzz-http");
  const [secret, data] = [join(folder, "secret.jsonl"), join(folder, "data")];
  writeFileSync(secret, `${JSON.stringify({ prompt: secretText, chosen: secretText, rejected: "no" })}\n`);
  const paths = pathsTo(secret);
  const bomb = gzipSync(Buffer.alloc(2 ** 29, "a"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = start(data, port);
  const [seen, failures]: [Record<string, number>, string[]] = [{}, []];
  const ending = { done: false };
  try {
    await serving(server, url);
    const cookie = await enter(url, "Fuzzer");
    const web = partsOf(server, "next")[0]!;
    const before = memoryOf(web);
    const watch = watched(url, web, () => ending.done);
    let ran = 0;
    for (; ran < size && !signal.aborted; ran++) {
      const sent =
        ran % largeEvery === 7 ? largeRequest(ran, cookie, bomb) : mutatedRequest(ran, cookie, paths, random);
      const { status, text } = await answered(port, sent);
      const where = `${sent.method} ${sent.path.slice(0, 200)} ${sent.body?.subarray(0, 300).toString("latin1") ?? ""}`;
      if (status === 500 || status === 0) failures.push(`${status}: ${where}: ${text.slice(0, 200)}`);
      const leaks = [secretText, "root:x:0", "WORKBENCH_DATA="].filter(
        (word) => text.includes(word) && !where.includes(word),
      );
      if (leaks.length > 0) failures.push(`${leaks} is answered: ${where}`);
      seen[`answers ${status}`] = (seen[`answers ${status}`] ?? 0) + 1;
      if (ran % 500 === 499) say(`${ran + 1} requests, ${failures.length} failures`);
    }
    ending.done = true;
    const { mostMemory, slowestHealth } = await watch;
    const most = {
      "MB of memory before": before,
      "MB at most": mostMemory,
      "ms of the slowest health answer meanwhile": slowestHealth,
    };
    if (mostMemory - before > mostMegabytes) failures.push(`the memory rose from ${before} to ${mostMemory} MB`);
    return { ran, seen, most, failures };
  } finally {
    ending.done = true;
    await killAll(server);
    await server.ended;
  }
}

/** A gigabyte of spaces, or half a gigabyte packed into half a megabyte, in turn to each who reads bodies. */
function largeRequest(n: number, cookie: string, bomb: Buffer): Sent & { bytes?: number } {
  const json = {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: null,
    bytes: largeBytes,
  };
  const file = { method: "POST", headers: { cookie }, body: bomb };
  const all = [
    { ...json, path: "/api/me" },
    { ...file, path: "/api/queues/import?name=bomb&format=jsonl.gz" },
    { ...json, path: "/api/compare/import?name=large&file=trainer_state.json" },
    { ...file, path: "/api/queues/import/preview?name=bomb&format=csv.gz&part=all" },
    { ...json, path: "/api/queues/import/preview?name=large&format=jsonl" },
  ];
  return all[Math.floor(n / largeEvery) % all.length]!;
}

/** Who closes while a body too large still comes may have the end of the connection overtake the answer (RFC 9112, section 9.6): it is sent again. */
async function answered(port: number, sent: Sent & { bytes?: number }): Promise<{ status: number; text: string }> {
  for (let tries = sent.bytes ? 5 : 1; ; tries--) {
    const answer = await send(port, sent);
    if (answer.status !== 0 || tries === 1) return answer;
  }
}

/** Status 0 where no answer came. The answer to a body that is too large comes before its end; of a stream of events the beginning is enough. */
function send(
  port: number,
  { method, path, headers, body, bytes = 0 }: Sent & { bytes?: number },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    let [status, text] = [0, ""];
    // A connection each: one that the server closes upon a body too large would fail the next request, which browsers then repeat.
    const sending = request({ host: "127.0.0.1", port, method, path, headers, timeout: longestMs, agent: false });
    const end = (words = text) => {
      resolve({ status, text: words });
      sending.destroy();
    };
    sending.on("response", (answer) => {
      status = answer.statusCode!;
      answer
        .on("data", (chunk) => (text += chunk))
        .on("end", () => end())
        .on("error", () => end());
      if (answer.headers["content-type"]?.includes("event-stream")) end();
    });
    sending.on("error", (error) => end(text || String(error))).on("timeout", () => end("no answer"));
    if (bytes === 0) return sending.end(body ?? undefined);
    const part = Buffer.alloc(2 ** 20, " ");
    let left = bytes;
    const more = () => {
      while (left > 0 && status === 0 && !sending.destroyed) {
        left -= part.length;
        if (!sending.write(part)) return void sending.once("drain", more);
      }
      sending.end();
    };
    more();
  });
}

/** What the web process uses while requests come in, and how long it takes to say that it is well. */
async function watched(
  url: string,
  web: number,
  done: () => boolean,
): Promise<{ mostMemory: number; slowestHealth: number }> {
  let [mostMemory, slowestHealth] = [0, 0];
  while (!done()) {
    const began = Date.now();
    await (await fetch(`${url}/api/health`)).text();
    slowestHealth = Math.max(slowestHealth, Date.now() - began);
    mostMemory = Math.max(mostMemory, memoryOf(web));
    await wait(100);
  }
  return { mostMemory, slowestHealth };
}

/** Resident megabytes of a process. */
const memoryOf = (pid: number) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024);
