// Runs of a few steps over the model of data/golden/trajectories, for tests of what is done to its base.
import { type RunConfig, runConfig } from "../spec/config";
import type { MetricRow } from "../spec/metrics/catalogue";
import { silent } from "../trainers/run/observer";
import type { Resume } from "../trainers/run/restore";
import { run } from "../trainers/run/train";
import { scratch } from "./program";

export const golden = "data/golden/trajectories";

/** Four steps of DPO on a small model, or what `overrides` make of them. */
export function shortRun(overrides: object): RunConfig {
  return runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/adapter_init` },
    data: { train: `${golden}/pairs.jsonl`, order: "sequential", maxLength: 256 },
    ...{ batchSize: 4, maxSteps: 4, output: scratch() },
    optimizer: { learningRate: 5e-4, schedule: "constant" },
    ...overrides,
  });
}

/** The rows that it logs. `until`: the step after which it is told to stop. */
export async function rowsOf(given: RunConfig, { until, resume }: { until?: number; resume?: Resume[] } = {}) {
  const stop = new AbortController();
  const [rows, saved]: [MetricRow[], Resume[]] = [[], []];
  const observer = {
    ...silent,
    metrics(row: MetricRow) {
      rows.push(row);
      if (row.step === until) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(given, { observer, signal: stop.signal, ...(resume && { resume, attempt: 2 }) });
  return { rows, saved };
}

const rollout = { maxCompletionLength: 4, reward: { model: `${golden}/reward_init` } };
const ppo = { ...rollout, rollouts: 4, numPpoEpochs: 1, numMiniBatches: 1 };
/** What each method needs beside them. */
export const methods: Record<string, object> = {
  sft: { data: { train: `${golden}/sft.jsonl`, maxLength: 256 } },
  dpo: {},
  orpo: {},
  kto: { data: { train: `${golden}/unpaired.jsonl`, maxLength: 256 } },
  reward: { reward: { headInit: `${golden}/reward_init` } },
  ppo: { ppo },
  grpo: { grpo: { ...rollout, prompts: 2, numGenerations: 2 } },
};
