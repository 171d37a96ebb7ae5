// TRL as an engine, with test/toy-trl.py in the place of its Python: events, checkpoints, result, stop, resume, failure. The real TRL is
// compared step by step by `npm run trl-scripts`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkpointsIn } from "../../common/checkpoints";
import { runConfig } from "../../spec/config";
import { type TrainerEvent, trainerEvent } from "../../spec/events";
import { readAdapter } from "../adapters/files";
import { readModel } from "../models/load";
import { readTokenizer } from "../models/tokenizer";
import { prepareData } from "../run/prepare";

const golden = resolve("data/golden/trajectories");

function prepared(more: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-trl-engine-"));
  const config = runConfig.parse({
    ...{ method: "dpo", engine: "trl", model: { source: `${golden}/model` }, adapter: { rank: 4 } },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1 },
    ...{ maxSteps: 12, saveEvery: 4, evalEvery: 4, output: folder },
    ...more,
  });
  writeFileSync(join(folder, "run.json"), JSON.stringify(config));
  return folder;
}

/** Starts an attempt; `ended` is its status with its events. */
function start(folder: string, attempt: number, waitsAt = 0) {
  const checkpoints = checkpointsIn(folder).map(({ attempt, ...saved }) => saved);
  const input = { checkpoints, allowChanged: false, history: null };
  writeFileSync(join(folder, `attempt-${attempt}.json`), JSON.stringify(input));
  const words = ["scripts/program.mjs", "trainers/trl/main.ts", folder, String(attempt)];
  const env = { ...process.env, WORKBENCH_TRL_PYTHON: resolve("test/toy-trl.py"), TOY_WAITS_AT: String(waitsAt) };
  const child = spawn(process.execPath, words, { env, stdio: "ignore" });
  const ended = once(child, "close").then(([status]) => ({
    status: status as number,
    events: eventsOf(folder, attempt),
  }));
  return { child, ended };
}

function eventsOf(folder: string, attempt: number): TrainerEvent[] {
  const lines = readFileSync(join(folder, `events-${attempt}.ndjson`), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => trainerEvent.parse(JSON.parse(line)));
}

/** Once it is written there. */
async function pidIn(file: string): Promise<number> {
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await wait(20);
  return Number(readFileSync(file, "utf8"));
}

const curve = (events: TrainerEvent[]) =>
  events.flatMap((event) =>
    event.event === "metrics" ? [[event.step, event.values.loss, event.values.eval_loss]] : [],
  );

test("what TRL logs, saves and leaves are the run's metrics, checkpoints and result", async () => {
  const folder = prepared();
  const { status, events } = await start(folder, 1).ended;
  expect(status).toBe(0);
  expect(events[0]).toMatchObject({ event: "started", step: 0, totalSteps: 12, parameters: 8192 });
  expect(curve(events)).toEqual(
    Array.from({ length: 12 }, (_, i) => [
      i + 1,
      i === 1 ? Number.NaN : 1 / (i + 1),
      (i + 1) % 4 ? undefined : 2 / (i + 1),
    ]),
  );
  expect(events.at(-1)).toMatchObject({ event: "finished", stopped: false });
  expect(checkpointsIn(folder).map(({ step }) => step)).toEqual([12, 8, 4]);
  const { config } = await readModel(`${golden}/model`);
  for (const at of [folder, checkpointsIn(folder)[1]!.folder])
    expect(readAdapter(at, config).weights.size).toBeGreaterThan(0);
}, 60_000);

test("rows that are left out are named, as the workbench's own engine names them", async () => {
  const data = join(mkdtempSync(join(tmpdir(), "workbench-trl-rows-")), "pairs.jsonl");
  const pairs = readFileSync(join(golden, "pairs.jsonl"), "utf8").trim().split("\n");
  const long = { prompt: "Say it. ".repeat(300), chosen: "Yes.", rejected: "No." };
  writeFileSync(data, [...pairs, '{"prompt": "no answers"}', JSON.stringify(long)].join("\n"));
  const folder = prepared({ data: { train: data, maxLength: 256 } });
  const { events } = await start(folder, 1).ended;
  const config = runConfig.parse(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")));
  const { dataset } = await prepareData(config, readTokenizer(`${golden}/model`));
  const said = events.flatMap((event) => (event.event === "note" ? [event.text] : []));
  expect(said).toEqual(dataset.notes);
  expect(said).toContain(`${data}: 1 of ${pairs.length + 2} rows left out`);
  expect(said).toContain(`${data}: 1 rows left out, they do not fit into 256 tokens`);
});

test("what GRPO logs by TRL's names has the workbench's", async () => {
  const reward = { rules: { json: {} } };
  const folder = prepared({ method: "grpo", grpo: { prompts: 2, numGenerations: 2, reward } });
  const { status, events } = await start(folder, 1).ended;
  expect(status).toBe(0);
  expect(events.find(({ event }) => event === "metrics")).toMatchObject({
    values: {
      "objective/scores": 0.25,
      reward_std: 0.5,
      "objective/kl_per_token": 0.125,
      "policy/clipfrac_avg": 0.0625,
      "completions/mean_length": 8,
    },
  });
}, 60_000);

test("asked to stop it saves, and the next attempt goes on from the newest checkpoint that is whole", async () => {
  const folder = prepared();
  const first = start(folder, 1, 6);
  while (checkpointsIn(folder).length === 0) await wait(20);
  first.child.kill("SIGTERM");
  const stopped = await first.ended;
  expect(stopped.status).toBe(3);
  expect(stopped.events.at(-1)).toMatchObject({ event: "finished", stopped: true });
  expect(existsSync(join(folder, "adapter_model.safetensors"))).toBe(false);
  const [newest, older] = checkpointsIn(folder);
  expect([newest!.step, older!.step]).toEqual([7, 4]);
  appendFileSync(join(newest!.folder, "trainer_state.json"), " "); // no longer as it was saved
  const { status, events } = await start(folder, 2).ended;
  expect(status).toBe(0);
  expect(events[0]).toMatchObject({ event: "started", step: 4 });
  expect(curve(events).at(-1)![0]).toBe(12);
}, 60_000);

test("a resumed run whose rows have changed since is refused", async () => {
  const train = join(mkdtempSync(join(tmpdir(), "workbench-trl-rows-")), "pairs.jsonl");
  cpSync(`${golden}/pairs.jsonl`, train);
  const folder = prepared({ data: { train, maxLength: 256, heldOut: 0.1 } });
  await start(folder, 1).ended;
  appendFileSync(train, "\n");
  const { status, events } = await start(folder, 2).ended;
  expect(status).toBe(1);
  expect(events.at(-1)).toMatchObject({
    event: "failed",
    message: expect.stringContaining("after step 12 data.train was"),
  });
}, 60_000);

test("where TRL fails, the run fails with Python's own words", async () => {
  const { status, events } = await start(prepared({ optimizer: { learningRate: 7 } }), 1).ended;
  expect(status).toBe(1);
  expect(events.at(-1)).toMatchObject({ event: "failed", message: "TRL ended with status 1: ValueError: a rate of 7" });
}, 60_000);

test("of several processes one is killed: the run says so, and the next attempt goes on from what it had saved", async () => {
  const folder = prepared({ distributed: { processes: 2 } });
  const first = start(folder, 1);
  process.kill(await pidIn(join(folder, "trl", "process-1")), "SIGKILL");
  const { status, events } = await first.ended;
  expect(status).toBe(1);
  expect(events.at(-1)).toMatchObject({
    event: "failed",
    message: "TRL ended with status 1: process 1 was ended by SIGKILL",
  });
  const resumed = await start(folder, 2).ended;
  expect(resumed.status).toBe(0);
  expect(resumed.events[0]).toMatchObject({ event: "started", step: 4 });
}, 60_000);

test.each([
  [
    { method: "ppo", ppo: { reward: { gold: "film-reviews" } } },
    "engine",
    "the engine trl has no ppo, only sft, dpo, kto, reward, grpo",
  ],
  [
    { method: "grpo", grpo: { reward: { rules: { json: {} } } }, batchSize: 2, distributed: { processes: 2 } },
    "distributed.processes",
    "the script samples, and asks for rewards, in one process; set it to 1",
  ],
  [{ adapter: { type: "prefix" } }, "adapter.type", "the script trains LoRA or every weight"],
  [{ optimizer: { name: "lion" } }, "optimizer.name", "the script takes adamw or sgd"],
  [
    { batchSize: 4, distributed: { processes: 3 } },
    "batchSize",
    "3 processes cannot share 4 rows equally; set it to a multiple of 3",
  ],
  [
    { dpo: { lossType: ["sigmoid", "sft"] }, batchSize: 2, distributed: { processes: 2 } },
    "distributed.processes",
    "TRL takes the loss sft over each process's rows together, so that the result depends on their number; set it to 1",
  ],
  [
    { dpo: { lossType: "aot" }, batchSize: 2, distributed: { processes: 2 } },
    "distributed.processes",
    "TRL takes the loss aot over each process's rows together, so that the result depends on their number; set it to 1",
  ],
  [{ distributed: { offload: "cpu" } }, "distributed.offload", "DeepSpeed offloads from ZeRO stage 1 on"],
  [
    { engine: "workbench", distributed: { processes: 2 } },
    "distributed.processes",
    "the workbench's own engine trains in one process; set it to 1, or engine to trl",
  ],
])("what TRL lacks is said at its field: %j", (more, path, message) => {
  const run = {
    method: "dpo",
    engine: "trl",
    model: { source: "tiny" },
    data: { train: "p.jsonl" },
    output: "o",
    ...more,
  };
  const { error } = runConfig.safeParse(run);
  expect(error!.issues.map((issue) => [issue.path.join("."), issue.message])).toContainEqual([path, message]);
});
