// Runs by TRL, started as the runner starts them, and their curves beside one another: for `npm run trl-scripts` and `npm run trl-processes`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { checkpointsIn } from "../../common/checkpoints";
import { runConfig } from "../../spec/config";
import { engines, savedStatus } from "../../spec/engines";
import { eventsFile, trainerEvent } from "../../spec/events";
import { folder as benchFolder, preparePeers, python } from "./prepare";

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
export function start(folder: string, attempt: number, engine: string) {
  const checkpoints = checkpointsIn(folder).map(({ attempt, ...saved }) => saved);
  writeFileSync(
    join(folder, `attempt-${attempt}.json`),
    JSON.stringify({ checkpoints, allowChanged: false, history: null }),
  );
  const [, ...words] = engines[engine]!.command;
  return spawn(process.execPath, [...words, folder, String(attempt)], {
    env: { ...process.env, WORKBENCH_TRL_PYTHON: python },
    stdio: "ignore",
  });
}

export interface Curve {
  losses: number[];
  heldOut: number[];
}

/** Of all attempts, each step once. Throws where the last one failed. */
export function curveOf(folder: string): Curve {
  const [losses, heldOut] = [new Map<number, number>(), new Map<number, number>()];
  let failed: string | null = null;
  for (let attempt = 1; existsSync(join(folder, eventsFile(attempt))); attempt++)
    for (const line of readFileSync(join(folder, eventsFile(attempt)), "utf8")
      .trim()
      .split("\n")) {
      const event = trainerEvent.parse(JSON.parse(line));
      failed = event.event === "failed" ? event.message : null;
      if (event.event !== "metrics") continue;
      const { loss, eval_loss } = event.values;
      if (loss !== undefined) losses.set(event.step, loss);
      if (eval_loss !== undefined) heldOut.set(event.step, eval_loss);
    }
  if (failed) throw new Error(failed);
  return { losses: [...losses.values()], heldOut: [...heldOut.values()] };
}

export async function trained(method: string, engine: string, more: object = {}): Promise<Curve> {
  const folder = prepared(method, engine, more);
  await once(start(folder, 1, engine), "close");
  return curveOf(folder);
}

/** Stopped once it has saved, then gone on with. */
export async function stoppedAndResumed(method: string, more: object): Promise<Curve> {
  const folder = prepared(method, "trl", more);
  const first = start(folder, 1, "trl");
  while (checkpointsIn(folder).length === 0 && first.exitCode === null) await wait(20);
  first.kill("SIGTERM");
  const [status] = (await once(first, "close")) as [number];
  if (status !== savedStatus) throw new Error(`${folder}: asked to stop, it ended with ${status}, not ${savedStatus}`);
  await once(start(folder, 2, "trl"), "close");
  return curveOf(folder);
}

/** Throws where they are not as long; the program fails where they are further apart than `within`. */
export function compare(what: string, one: Curve, other: Curve, within = 1e-5): void {
  const apart = (name: keyof Curve) => {
    if (one[name].length !== other[name].length)
      throw new Error(`${what}: ${one[name].length} and ${other[name].length} ${name}`);
    return Math.max(0, ...one[name].map((loss, i) => Math.abs(loss - other[name][i]!)));
  };
  const [losses, heldOut] = [apart("losses"), apart("heldOut")];
  console.log(
    `${what}: ${one.losses.length} losses at most ${losses.toExponential(1)} apart, ${one.heldOut.length} of held-out rows ${heldOut.toExponential(1)}`,
  );
  if (!(losses <= within && heldOut <= within)) process.exitCode = 1;
}
