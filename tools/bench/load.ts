// `npm run load`: what annotating a very long queue costs, and the pages of very many runs. Starts the product on a data folder of its own,
// measures the web process's processor time a request, which other programs on the machine change little, then lets fifty annotators vote
// once a second each for a minute; `npm run load -- training` does so beside a training run too, for ten, `npm run load -- costs` not at all, and
// `npm run load -- crowd` has a thousand vote every 20 seconds beside a training run, then ever more often until they have to wait, and
// `npm run load -- team` has two hundred sign in to a team's server and vote beside a training run. What is not measured stays as it was. Writes docs/load.json, from which `npm run figures` makes docs/annotation.md. Let nothing else run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { serving, start } from "../../test/server";
import { enter } from "../torture/annotators";
import { type AtWork, annotate, doubledIn } from "./annotators-at-work";
import { startTraining, stepOf, stopTraining } from "./demo-run";
import { seedQueue } from "./load-data";
import { type Crowd, type Latency, type LoadResult, loadText } from "./load-figures";
import { seedRun } from "./run-data";
import { measureTeam } from "./team-load";

const [pairs, votes, people, repeats] = [100_000, 50_000, 50, 100];
const [runs, steps] = [500, 300];
const port = Number(process.env.PORT ?? 3434);
const [idleSeconds, trainingSeconds] = [60, 600];
const [crowd, crowdSeconds, crowdPauseMs] = [1000, 300, 20_000];
/** By the figure, in milliseconds. */
const longestWait = 200;
const url = `http://127.0.0.1:${port}`;

const say = (text: string) => process.stderr.write(`${text}\n`);
const before = JSON.parse(readFileSync("docs/load.json", "utf8")) as LoadResult;
if (process.argv.includes("team")) {
  tell({ ...before, team: await measureTeam(port, say) });
  process.exit(0);
}

const data = mkdtempSync(join(tmpdir(), "workbench-load-"));
process.env.WORKBENCH_DATA = data;

say(`making a queue of ${pairs.toLocaleString("en")} pairs with ${votes.toLocaleString("en")} votes`);
const names = Array.from({ length: people }, (_, i) => `annotator ${i + 1}`);
const queue = seedQueue(pairs, votes, names);
say(`making ${runs} runs of ${steps} steps`);
for (let number = 1; number <= runs; number++) seedRun(number, steps);
const server = start(data, port);
await serving(server, url);
const cookies = await Promise.all(names.map((name) => enter(url, name)));
const asker = { url, cookie: cookies[0]! };

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
const machine = { machine: cpus()[0]!.model.trim(), cores: cpus().length };
tell(process.argv.includes("crowd") ? { ...before, crowd: await measureCrowd() } : await measure());
server.child.kill("SIGTERM");
await server.ended;
rmSync(data, { recursive: true });

function tell(result: LoadResult): void {
  writeFileSync("docs/load.json", `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${loadText(result)}\n`);
}

async function measure(): Promise<LoadResult> {
  const cost: LoadResult["cost"] = {};
  for (const [what, path] of Object.entries(pages)) cost[what] = await processorTime(path);
  const counter = ["--conditions=react-server", "--import", "tsx", "tools/bench/look-statements.ts", `scale${runs}`];
  const statementsPerLook = Number(execFileSync(process.execPath, counter, { encoding: "utf8" }));
  say(`an open page of a run: ${statementsPerLook} statements a look`);
  let { idle, training } = before;
  const fifty = (seconds: number) => atWork({ url, queue, cookies, seconds, everyMs: 1000 });
  if (!process.argv.includes("costs")) {
    idle = (await fifty(idleSeconds)).latency;
    training = null;
  }
  if (process.argv.includes("training")) {
    const run = await startTraining(asker);
    const alone = await speedOf(run, () => wait(1000 * idleSeconds));
    let latency: Latency;
    const beside = await speedOf(run, async () => {
      latency = (await fifty(trainingSeconds)).latency;
    });
    training = { ...latency!, speedKept: beside / alone };
  }
  const asked = { pairs, votes, runs, annotators: people };
  return { ...machine, ...asked, cost, statementsPerLook, idle, training, crowd: before.crowd, team: before.team };
}

async function measureCrowd(): Promise<Crowd> {
  const all: string[] = [];
  for (let i = 0; i < crowd; i++) all.push(await enter(url, `one of many ${i}`));
  const run = await startTraining(asker);
  const many = { url, queue, cookies: all };
  const { latency, acknowledged } = await atWork({ ...many, seconds: crowdSeconds, everyMs: crowdPauseMs });
  await stopTraining(asker, run);
  const beside = acknowledged.length;
  const ramp: Crowd["ramp"] = [];
  for (let perSecond = 100; ; perSecond += 50) {
    const work = await atWork({ ...many, seconds: 30, everyMs: (1000 * crowd) / perSecond });
    acknowledged.push(...work.acknowledged);
    ramp.push({
      perSecond,
      reached: work.acknowledged.length / work.elapsed,
      p99: work.latency.p99,
      errors: work.latency.errors,
    });
    if (work.latency.p99 > longestWait || work.latency.errors > 0) break;
  }
  return {
    ...machine,
    people: crowd,
    everyMs: crowdPauseMs,
    ...latency,
    beside,
    ...doubledIn(data, acknowledged),
    ramp,
  };
}

async function atWork(work: Parameters<typeof annotate>[0]): Promise<AtWork> {
  say(
    `${work.cookies.length} annotators, a vote every ${(work.everyMs / 1000).toFixed(1)} s each, for ${work.seconds} s`,
  );
  const done = await annotate(work, say);
  say(JSON.stringify(done.latency));
  return done;
}

/** Processor time of the web process so far, in milliseconds: /proc counts hundredths of a second. */
function used(): number {
  const { pid } = server.child;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
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

/** Steps a second of a run while something goes on. */
async function speedOf(run: string, work: () => Promise<unknown>): Promise<number> {
  const [before, began] = [await stepOf(asker, run), performance.now()];
  await work();
  return ((await stepOf(asker, run)) - before) / ((performance.now() - began) / 1000);
}
