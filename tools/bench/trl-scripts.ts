// `npm run trl-scripts`: runs with shuffled rows, accumulation, warm-up and weight decay, trained here and by the TRL script that is made of each. The
// losses of all steps have to agree within 1e-5. Installs TRL on first use, as `npm run bench` does.
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runConfig } from "../../spec/config";
import type { TrlMethod } from "../../spec/trl-script";
import { silent } from "../../trainers/run/observer";
import { run } from "../../trainers/run/train";
import { exportTrl } from "../../trainers/trl/export";
import { folder as benchFolder, command, preparePeers, python } from "./prepare";

const golden = "data/golden/trajectories";
const methods: TrlMethod[] = ["dpo", "sft", "reward"];

const configOf = (method: TrlMethod, output: string) =>
  runConfig.parse({
    method,
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256, heldOut: 0.1 },
    ...{ seed: 3, maxSteps: 24, batchSize: 4, gradientAccumulationSteps: 2 },
    optimizer: { learningRate: 1e-3, schedule: "cosine", warmupRatio: 0.1, weightDecay: 0.01 },
    output,
  });

async function lossesHere(method: TrlMethod, output: string): Promise<number[]> {
  const losses: number[] = [];
  const observer = { ...silent, metrics: ({ loss }: { loss?: number }) => void losses.push(loss!) };
  await run(configOf(method, output), { observer, signal: new AbortController().signal });
  return losses;
}

async function lossesOfTrl(method: TrlMethod, folder: string): Promise<number[]> {
  await exportTrl(configOf(method, "unused"), folder);
  command(python, [join(folder, "train.py")]);
  const state = readFileSync(join(folder, "trainer_state.json"), "utf8");
  const { log_history: entries } = JSON.parse(state) as { log_history: { loss?: number }[] };
  return entries.flatMap(({ loss }) => loss ?? []);
}

mkdirSync(benchFolder, { recursive: true });
preparePeers();
const folder = mkdtempSync(join(tmpdir(), "workbench-trl-scripts-"));
for (const method of methods) {
  const [own, peer] = [
    await lossesHere(method, join(folder, method)),
    await lossesOfTrl(method, join(folder, `${method}-trl`)),
  ];
  if (own.length !== peer.length) throw new Error(`${method}: ${own.length} steps here and ${peer.length} by TRL`);
  const difference = Math.max(...own.map((loss, i) => Math.abs(loss - peer[i]!)));
  console.log(`${method}: ${own.length} steps, losses at most ${difference.toExponential(1)} apart`);
  if (difference > 1e-5) process.exitCode = 1;
}
