// `npm run load`: what annotating a very long queue costs, and the pages of very many runs. Starts the product on a data folder of its own,
// measures the web process's processor time a request, which other programs on the machine change little, then lets fifty annotators vote
// once a second each for a minute; `npm run load -- training` does so beside a training run too, for ten, `npm run load -- costs` not at all (what
// was measured of them before stays). Writes docs/load.json, from which `npm run figures` makes docs/annotation.md. Let nothing else run.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ScreenDto } from "../../lib/annotation/queues/queue-schema";
import { demoPreset } from "../../lib/runs/presets";
import { seedQueue } from "./load-data";
import { type Latency, type LoadResult, loadText } from "./load-figures";
import { seedRun } from "./run-data";

const [pairs, votes, people, repeats] = [100_000, 50_000, 50, 100];
const [runs, steps] = [500, 300];
const port = Number(process.env.PORT ?? 3434);
const [idleSeconds, trainingSeconds] = [60, 600];
const url = `http://127.0.0.1:${port}`;
/** As the ranking screen: below so many tasks it asks for more. */
const few = 10;

const data = mkdtempSync(join(tmpdir(), "workbench-load-"));
process.env.WORKBENCH_DATA = data;
const say = (text: string) => process.stderr.write(`${text}\n`);

say(`making a queue of ${pairs.toLocaleString("en")} pairs with ${votes.toLocaleString("en")} votes`);
const names = Array.from({ length: people }, (_, i) => `annotator ${i + 1}`);
const queue = seedQueue(pairs, votes, names);
say(`making ${runs} runs of ${steps} steps`);
for (let number = 1; number <= runs; number++) seedRun(number, steps);
const server = spawn(process.execPath, ["scripts/start.mjs"], {
  env: { ...process.env, PORT: String(port) },
  stdio: ["ignore", "pipe", "pipe"],
});
process.once("exit", () => server.kill("SIGTERM"));
await serving(server);
const cookies = await Promise.all(names.map(enter));

const pages = {
  "the next tasks": `/api/queues/${queue}/tasks`,
  "the annotation screen": `/annotate/${queue}`,
  "the list of datasets": "/datasets",
  "the home page": "/",
  "the page of the dataset": `/datasets/${queue}`,
  "the adjudication page": `/datasets/${queue}/adjudication`,
  "the list of runs": "/runs",
  "all runs, as forms request them": "/api/runs",
};
const cost: LoadResult["cost"] = {};
for (const [what, path] of Object.entries(pages)) cost[what] = await processorTime(path);
const counter = ["--conditions=react-server", "--import", "tsx", "tools/bench/look-statements.ts", `scale${runs}`];
const statementsPerLook = Number(execFileSync(process.execPath, counter, { encoding: "utf8" }));
say(`an open page of a run: ${statementsPerLook} statements a look`);
let { idle, training } = JSON.parse(readFileSync("docs/load.json", "utf8")) as Pick<LoadResult, "idle" | "training">;
if (!process.argv.includes("costs")) {
  idle = await annotate(idleSeconds);
  training = null;
}
if (process.argv.includes("training")) {
  const run = await startTraining();
  const alone = await speedOf(run, () => wait(1000 * idleSeconds));
  let latency: Latency;
  const beside = await speedOf(run, async () => {
    latency = await annotate(trainingSeconds);
  });
  training = { ...latency!, speedKept: beside / alone };
}
const machine = { machine: cpus()[0]!.model.trim(), cores: cpus().length };
const asked = { pairs, votes, runs, annotators: people };
const result: LoadResult = { ...machine, ...asked, cost, statementsPerLook, idle, training };
writeFileSync("docs/load.json", `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${loadText(result)}\n`);
server.kill("SIGTERM");
await new Promise((resolve) => server.once("close", resolve));
rmSync(data, { recursive: true });

/** Once the product says its address. */
async function serving(started: ChildProcess): Promise<void> {
  let output = "";
  for (const stream of [started.stdout!, started.stderr!]) stream.on("data", (chunk) => (output += chunk));
  while (!output.includes(url)) {
    if (started.exitCode !== null) throw new Error(`the product did not start:\n${output}`);
    await wait(200);
  }
}

/** Says who somebody is, and returns the cookie that remembers it. */
async function enter(name: string): Promise<string> {
  const response = await fetch(`${url}/api/me`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

/** Processor time of the web process so far, in milliseconds: /proc counts hundredths of a second. */
function used(): number {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim().split(" ");
  const web = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("next"));
  const fields = readFileSync(`/proc/${web}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Of one request after the other, by everybody in turn, once all of them have been answered before. */
async function processorTime(path: string): Promise<number> {
  const ask = async (i: number) => {
    const response = await fetch(url + path, { headers: { cookie: cookies[i % people]! } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    await response.text();
  };
  for (let i = 0; i < people; i++) await ask(i);
  const before = used();
  for (let i = 0; i < repeats; i++) await ask(i);
  const each = (used() - before) / repeats;
  say(`${path}: ${each.toFixed(1)} ms of processor time`);
  return each;
}

/** All annotators at work. */
async function annotate(seconds: number): Promise<Latency> {
  say(`${people} annotators, a vote a second each, for ${seconds} s`);
  const times: number[] = [];
  let errors = 0;
  const timed = async (path: string, cookie: string, body?: object): Promise<unknown> => {
    const began = performance.now();
    try {
      const headers = { cookie, ...(body && { "content-type": "application/json" }) };
      const response = await fetch(url + path, {
        headers,
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      times.push(performance.now() - began);
      return answer;
    } catch (error) {
      errors++;
      say(String(error));
      return null;
    }
  };
  const until = performance.now() + 1000 * seconds;
  const work = async (cookie: string, i: number) => {
    let tasks: ScreenDto["tasks"] = [];
    await wait((1000 * i) / people);
    for (let next = performance.now(); next < until; next += 1000) {
      if (tasks.length <= few) {
        const screen = (await timed(`/api/queues/${queue}/tasks`, cookie)) as ScreenDto | null;
        tasks = screen?.tasks ?? tasks;
      }
      const task = tasks.shift();
      const choice = { kind: "left", strength: 2 };
      if (task)
        await timed("/api/judgements", cookie, { key: crypto.randomUUID(), itemId: task.id, choice, activeMs: 900 });
      await wait(Math.max(0, next + 1000 - performance.now()));
    }
  };
  await Promise.all(cookies.map(work));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]!;
  return { seconds, requests: times.length, median: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1), errors };
}

/** Steps a second of a run while something goes on. */
async function speedOf(run: string, work: () => Promise<unknown>): Promise<number> {
  const [before, began] = [await stepOf(run), performance.now()];
  await work();
  return ((await stepOf(run)) - before) / ((performance.now() - began) / 1000);
}

async function stepOf(run: string): Promise<number> {
  const answer = await fetch(`${url}/api/runs/${run}`, { headers: { cookie: cookies[0]! } });
  const { step, error } = (await answer.json()) as { step: number; error: string | null };
  if (error) throw new Error(`the run failed: ${error}`);
  return step;
}

/** The demo run, once it takes steps. Returns its id. */
async function startTraining(): Promise<string> {
  const { name, data, config } = demoPreset;
  const longer = { ...config, maxSteps: 100_000 };
  const headers = { cookie: cookies[0]!, "content-type": "application/json" };
  const body = JSON.stringify({ name, data, config: longer });
  const response = await fetch(`${url}/api/runs`, { method: "POST", headers, body });
  const { id } = (await response.json()) as { id: string };
  say(`waiting for run ${id} to train`);
  while ((await stepOf(id)) < 2) await wait(1000);
  return id;
}
