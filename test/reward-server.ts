// For tests: a reward server that plays OpenRLHF's, and an environment, well and badly, by the path it is asked at. It runs in a thread of its own: whoever asks
// stands still until it answers.
import { once } from "node:events";
import { Worker } from "node:worker_threads";

const program = `
const { createServer } = require("node:http");
const { parentPort } = require("node:worker_threads");
const seen = {};
let last;
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const url = new URL(request.url, "http://localhost");
    const kind = url.pathname.slice(1);
    seen[kind] = (seen[kind] ?? 0) + 1;
    const body = request.method === "POST" ? JSON.parse(Buffer.concat(chunks)) : null;
    const key = request.headers.authorization;
    if (body) last = { body, ...(key && { key }), type: request.headers["content-type"], method: request.method };
    const send = (text, status = 200, headers = {}) => response.writeHead(status, headers).end(text);
    const rewards = (of) => send(JSON.stringify({ rewards: of, scores: of, extra_logs: {} }));
    const lengths = body?.query?.map((text, i) => text.length - body.prompts[i].length);
    if (kind === "length") return rewards(lengths);
    if (kind === "gaps") return rewards(lengths.map((n, i) => (body.query[i].includes("unknown") ? null : n)));
    if (kind === "keyed") return key === "Bearer let me in" ? rewards(lengths) : send("no entry with " + key, 401);
    if (kind === "at-third") return seen["at-third"] === 3 ? send("out of memory", 400) : rewards(lengths);
    if (kind === "last") return send(JSON.stringify(last));
    if (kind === "slow") return setTimeout(() => rewards(lengths), 2000);
    if (kind === "recovers") return seen.recovers < 3 ? send("busy", 503) : rewards(lengths);
    if (kind === "broken") return send("<h1>Internal Server Error</h1>", 500);
    if (kind === "missing") return send('{"detail":"Not Found"}', 404);
    if (kind === "html") return send("<!doctype html><p>Sign in</p>");
    if (kind === "few") return rewards(lengths.slice(1));
    if (kind === "bare-nan") return send('{"rewards": [NaN, 1]}');
    if (kind === "text") return rewards(["0.5", 1]);
    if (kind === "infinite") return send('{"rewards": [1, 1e999]}');
    if (kind === "nothing") return send("{}");
    if (kind === "moved") return send("", 307, { location: "/length" });
    if (kind === "step") return send(JSON.stringify({ steps: body.conversations.map((turns, i) =>
      turns.length < 3 ? { messages: "and then, " + body.episodes[i] + "?" } : { reward: turns.length }) }));
    if (kind === "few-steps") return send('{"steps": [null]}');
    if (kind === "wrong-step") return send('{"steps": [7, null]}');
    if (kind === "count") return send(JSON.stringify(seen));
    response.socket.destroy();
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

export interface RewardServer {
  origin: string;
  end(): Promise<unknown>;
}

export async function rewardServer(): Promise<RewardServer> {
  const worker = new Worker(program, { eval: true });
  const [port] = (await once(worker, "message")) as [number];
  return { origin: `http://127.0.0.1:${port}`, end: () => worker.terminate() };
}
