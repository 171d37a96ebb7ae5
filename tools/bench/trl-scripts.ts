// `npm run trl-scripts`: runs with shuffled rows, accumulation, warm-up, weight decay and held-out rows, trained by the workbench's own engine and by the
// engine `trl`. The losses of all steps, and those of held-out rows, have to agree within 1e-5; so has a run of TRL that was stopped and resumed with one
// that was not. Installs TRL on first use, as `npm run bench` does.
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

const golden = "data/golden/trajectories";
const methods = ["dpo", "sft", "kto", "reward"];
/** TRL's KTO reads its reference point off the previous row. */
const inOrder = { data: { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1, order: "sequential" } };
const previousRow = { ...inOrder, kto: { klPartner: "previous-row" } };

/** A run's folder. */
function prepared(method: string, engine: string, more: object = {}): string {
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
function start(folder: string, attempt: number, engine: string) {
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

interface Curve {
  losses: number[];
  heldOut: number[];
}

/** Of all attempts, each step once. */
function curveOf(folder: string): Curve {
  const [losses, heldOut] = [new Map<number, number>(), new Map<number, number>()];
  for (let attempt = 1; existsSync(join(folder, eventsFile(attempt))); attempt++)
    for (const line of readFileSync(join(folder, eventsFile(attempt)), "utf8")
      .trim()
      .split("\n")) {
      const event = trainerEvent.parse(JSON.parse(line));
      if (event.event === "failed") throw new Error(event.message);
      if (event.event !== "metrics") continue;
      const { loss, eval_loss } = event.values;
      if (loss !== undefined) losses.set(event.step, loss);
      if (eval_loss !== undefined) heldOut.set(event.step, eval_loss);
    }
  return { losses: [...losses.values()], heldOut: [...heldOut.values()] };
}

async function trained(method: string, engine: string): Promise<Curve> {
  const folder = prepared(method, engine);
  await once(start(folder, 1, engine), "close");
  return curveOf(folder);
}

/** Stopped once it has saved, then gone on with. */
async function stoppedAndResumed(method: string, more: object): Promise<Curve> {
  const folder = prepared(method, "trl", more);
  const first = start(folder, 1, "trl");
  while (checkpointsIn(folder).length === 0 && first.exitCode === null) await wait(20);
  first.kill("SIGTERM");
  const [status] = (await once(first, "close")) as [number];
  if (status !== savedStatus) throw new Error(`${folder}: asked to stop, it ended with ${status}, not ${savedStatus}`);
  await once(start(folder, 2, "trl"), "close");
  return curveOf(folder);
}

function compare(what: string, one: Curve, other: Curve): void {
  const apart = (name: keyof Curve) => {
    if (one[name].length !== other[name].length)
      throw new Error(`${what}: ${one[name].length} and ${other[name].length} ${name}`);
    return Math.max(...one[name].map((loss, i) => Math.abs(loss - other[name][i]!)));
  };
  const [losses, heldOut] = [apart("losses"), apart("heldOut")];
  console.log(
    `${what}: ${one.losses.length} losses at most ${losses.toExponential(1)} apart, ${one.heldOut.length} of held-out rows ${heldOut.toExponential(1)}`,
  );
  if (!(losses <= 1e-5 && heldOut <= 1e-5)) process.exitCode = 1;
}

mkdirSync(benchFolder, { recursive: true });
preparePeers();
const scratch = mkdtempSync(join(tmpdir(), "workbench-trl-scripts-"));
for (const method of methods)
  compare(`${method}, both engines`, await trained(method, "workbench"), await trained(method, "trl"));
const longer = { maxSteps: 96 };
const whole = prepared("dpo", "trl", longer);
await once(start(whole, 1, "trl"), "close");
compare("dpo by TRL, whole and resumed", curveOf(whole), await stoppedAndResumed("dpo", longer));
