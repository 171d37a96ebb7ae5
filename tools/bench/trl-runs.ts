// Runs by TRL, started as the runner starts them, and their curves beside one another: for `npm run trl-scripts` and `npm run trl-processes`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { checkpointsIn } from "../../common/checkpoints";
import { runConfig } from "../../spec/config";
import { engines, savedStatus } from "../../spec/engines";
import { eventsFile, trainerEvent } from "../../spec/events";
import { folder as benchFolder, preparePeers, python } from "./prepare";
import type { Compared, TrlResult } from "./trl-figures";

mkdirSync(benchFolder, { recursive: true });
preparePeers();
const scratch = mkdtempSync(join(tmpdir(), "workbench-trl-runs-"));

const golden = "data/golden/trajectories";
/** TRL's KTO reads its reference point off the previous row. */
const inOrder = { data: { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1, order: "sequential" } };
const previousRow = { ...inOrder, kto: { klPartner: "previous-row" } };

/** A run's folder. */
export function prepared(method: string, engine: string, more: object = {}): string {
  const folder = mkdtempSync(join(scratch, `${method}-${engine}-`));
  const config = runConfig.parse({
    ...{ method, engine },
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1 },
    ...{ seed: 3, maxSteps: 24, batchSize: 4, gradientAccumulationSteps: 2, evalEvery: 8, saveEvery: 8 },
    optimizer: { learningRate: 1e-3, schedule: "cosine", warmupRatio: 0.1, weightDecay: 0.01 },
    output: folder,
    ...(method === "kto" && previousRow),
    ...more,
  });
  writeFileSync(join(folder, "run.json"), JSON.stringify(config));
  return folder;
}

/** Starts an attempt as the runner does. */
export function start(folder: string, attempt: number, engine: string, env: Record<string, string> = {}) {
  const checkpoints = checkpointsIn(folder).map(({ attempt, ...saved }) => saved);
  writeFileSync(
    join(folder, `attempt-${attempt}.json`),
    JSON.stringify({ checkpoints, allowChanged: false, history: null }),
  );
  const [, ...words] = engines[engine]!.command;
  return spawn(process.execPath, [...words, folder, String(attempt)], {
    env: { ...process.env, WORKBENCH_TRL_PYTHON: python, ...env },
    stdio: "ignore",
  });
}

/** A number for each step, or for some, by the metric's name. */
export type Curves = Record<string, number[]>;

/** Of all attempts, each step once. Throws where the last one failed. */
export function curvesOf(folder: string, names = ["loss", "eval_loss"]): Curves {
  const values = new Map(names.map((name) => [name, new Map<number, number>()]));
  let failed: string | null = null;
  for (let attempt = 1; existsSync(join(folder, eventsFile(attempt))); attempt++)
    for (const line of readFileSync(join(folder, eventsFile(attempt)), "utf8")
      .trim()
      .split("\n")) {
      const event = trainerEvent.parse(JSON.parse(line));
      failed = event.event === "failed" ? event.message : null;
      if (event.event !== "metrics") continue;
      const logged = event.values as Record<string, number>;
      for (const [name, curve] of values) if (logged[name] !== undefined) curve.set(event.step, logged[name]);
    }
  if (failed) throw new Error(failed);
  return Object.fromEntries([...values].map(([name, curve]) => [name, [...curve.values()]]));
}

export async function trained(method: string, engine: string, more: object = {}): Promise<Curves> {
  const folder = prepared(method, engine, more);
  await once(start(folder, 1, engine), "close");
  return curvesOf(folder);
}

/** Stopped once it has saved, then gone on with. */
export async function stoppedAndResumed(method: string, more: object): Promise<Curves> {
  const folder = prepared(method, "trl", more);
  const first = start(folder, 1, "trl");
  while (checkpointsIn(folder).length === 0 && first.exitCode === null) await wait(20);
  first.kill("SIGTERM");
  const [status] = (await once(first, "close")) as [number];
  if (status !== savedStatus) throw new Error(`${folder}: asked to stop, it ended with ${status}, not ${savedStatus}`);
  await once(start(folder, 2, "trl"), "close");
  return curvesOf(folder);
}

export const compared: Compared[] = [];

/** Throws where they are not as long; the program fails where they are further apart than `within`. */
export function compare(what: string, one: Curves, other: Curves, within = 1e-5): void {
  const curves = Object.entries(one).map(([name, curve]): Compared["curves"][number] => {
    const beside = other[name] ?? [];
    if (curve.length !== beside.length) throw new Error(`${what}: ${curve.length} and ${beside.length} times ${name}`);
    const apart = Math.max(0, ...curve.map((value, i) => Math.abs(value - beside[i]!)));
    if (!(apart <= within)) process.exitCode = 1;
    return { name, points: curve.length, apart };
  });
  compared.push({ what, within, curves });
  console.log(
    `${what}: ${curves.map(({ name, points, apart }) => `${points} times ${name} at most ${apart.toExponential(1)} apart`).join(", ")}`,
  );
}

/** For `npm run figures`, in the order in which they were compared. */
export function keep(file: "trl-scripts" | "trl-processes"): void {
  const show = "import json, torch, trl; print(json.dumps({'trl': trl.__version__, 'torch': torch.__version__}))";
  const versions = JSON.parse(spawnSync(python, ["-c", show], { encoding: "utf8" }).stdout) as Record<string, string>;
  const result: TrlResult = { machine: cpus()[0]!.model.trim(), versions, compared };
  writeFileSync(`tools/bench/results/${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
}
