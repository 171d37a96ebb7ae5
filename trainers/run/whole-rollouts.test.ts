// PPO and GRPO over every weight, beside TRL without a peft_config on the completions that it sampled (data/golden/make-whole-rollouts.py).
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test, vi } from "vitest";
import { type RunConfig, runConfig } from "../../spec/config";
import { mean } from "../../spec/statistics";
import { tracedRun } from "../../test/traced-run";
import { readAdapter } from "../adapters/files";
import { mergedFiles, writeCompanions, writeMerged } from "../adapters/merge";
import type { RolloutSource } from "../methods/shared/rollout";
import { weightShapes } from "../models/families";
import { readSafetensors, writeSafetensors } from "../models/formats/safetensors";
import { readModel } from "../models/load";
import { readHead } from "../models/score-head";
import { scorerCompanions } from "../models/scorer-config";

const golden = "data/golden/trajectories";
const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
const [start, critic] = [join(folder, "start"), join(folder, "critic")];

/** `moved`: how far each tensor of the policy came, and `value`: of PPO's critic. */
type Distances = Record<"moved" | "value", Record<string, number>>;
type Runs<Update> = { runs: Record<string, { updates: Update[] } & Distances> };
interface GrpoUpdate {
  queries: number[][];
  responses: number[][];
  scores: number[];
  steps: { rows: number[]; loss: number; grad_norm: number; learning_rate: number }[];
}
interface PpoUpdate {
  minibatches: Record<"loss" | "pg_loss" | "vf_loss", number>[];
  metrics: Record<string, number>;
}
type Tensors = ReturnType<typeof readSafetensors>;
const jsonOf = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const { runs: grpoRuns } = jsonOf(`${golden}/whole-grpo.json`) as Runs<GrpoUpdate>;
const { runs: ppoRuns } = jsonOf(`${golden}/whole-ppo.json`) as Runs<PpoUpdate>;

/** What GRPO learns from, in place of samples of its own. */
let given: RolloutSource;
vi.mock("../environments/sampling-source", () => ({ samplingSource: () => given }));

/** A model with an adapter and a head worked in, as a run over every weight leaves a reward model. */
async function writeScorer(to: string, adapter: string): Promise<void> {
  const files = await readModel(start);
  const merged = mergedFiles(files, readAdapter(adapter, files.config));
  const tensors = Object.keys(weightShapes(files.config)).map((name) => [name, merged.host.get(name)!] as const);
  const head = readHead(adapter, files.config.hiddenSize);
  const score = { shape: head.shape, data: head.dataSync<"float32">() };
  mkdirSync(to);
  writeCompanions(to, scorerCompanions(files));
  writeSafetensors(join(to, "model.safetensors"), new Map([...tensors, ["score.weight", score]]));
}

beforeAll(async () => {
  const files = await readModel(`${golden}/model`);
  writeMerged(start, files, readAdapter(`${golden}/ppo/policy_init`, files.config));
  await writeScorer(critic, `${golden}/ppo/value_init`);
});

const config = (overrides: object): RunConfig =>
  runConfig.parse({
    model: { source: start, dtype: "float32" },
    adapter: null,
    output: mkdtempSync(join(folder, "run-")),
    ...overrides,
  });

const near = (found: number, wanted: number, relative: number) =>
  expect(Math.abs(found - wanted)).toBeLessThan(relative * Math.max(1, Math.abs(wanted)));

/** How far each tensor has come, beside how far TRL's has. */
function expectMoved(from: string, to: string, wanted: Record<string, number>): void {
  const [before, after] = [from, to].map((one) => readSafetensors(join(one, "model.safetensors"))) as [
    Tensors,
    Tensors,
  ];
  const own = new Map([...after].map(([name, tensor]) => [name.replace(/^value\./, ""), tensor]));
  expect([...own.keys()].sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, distance] of Object.entries(wanted)) {
    const start = before.get(name)!.data;
    const moved = Math.hypot(...Array.from(own.get(name)!.data, (value, i) => value - start[i]!));
    expect(Math.abs(moved / distance - 1), name).toBeLessThan(1e-4);
  }
}

const grpoCases: Record<string, { optimizer: object; grpo: object }> = {
  dapo: {
    optimizer: { learningRate: 1e-3, schedule: "linear", weightDecay: 0.1, epsilon: 1e-5 },
    grpo: { beta: 0.1, numIterations: 2 },
  },
  grpo: {
    optimizer: { learningRate: 1e-3, schedule: "cosine", maxGradNorm: 0.1 },
    grpo: { lossType: "grpo", beta: 0.04, temperature: 0.7 },
  },
  dr_grpo: {
    optimizer: { name: "sgd", learningRate: 0.05, schedule: "constant" },
    grpo: { lossType: "dr_grpo", scaleRewards: "none", temperature: 0.7 },
  },
};

test.each(Object.entries(grpoRuns))("GRPO with the loss %s follows TRL update by update", async (name, wanted) => {
  const { updates } = wanted;
  const perUpdate = updates[0]!.steps.length;
  given = {
    updates: updates.length,
    stepsPerUpdate: perUpdate,
    sample(update) {
      const { queries, responses } = updates[update]!;
      const answers = queries.map((query, i) => ({ prompt: null, query, response: responses[i]! }));
      return { answers, logProbs: null, stats: {} };
    },
    miniBatch: (update, step) => updates[update]!.steps[step]!.rows,
  };
  const { optimizer, grpo } = grpoCases[name]!;
  const run = config({
    method: "grpo",
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    maxSteps: 24,
    optimizer,
    grpo: {
      ...{ prompts: 4, numGenerations: 4, numMiniBatches: 2, maxCompletionLength: 20, temperature: 1 },
      ...{ reward: { model: `${golden}/reward_init` }, ...grpo },
    },
  });
  const { rows } = await tracedRun(run);
  expect(rows).toHaveLength(24 / perUpdate); // a line an update: the mean of its losses, the last of its gradients
  updates.forEach(({ scores, steps }, i) => {
    const last = steps.at(-1)!;
    const row = rows[i]!;
    // Losses are sums of log-probabilities around −10, which float32 tells apart by 1e-6: kernels of another processor round them otherwise by one or two of these.
    near(row.loss!, mean(steps.map(({ loss }) => loss)), i === 0 ? 2e-6 : 1e-5);
    near(row["objective/scores"]!, mean(scores), 1e-5);
    expect(Math.abs(row.grad_norm! / last.grad_norm - 1), `gradient of update ${i + 1}`).toBeLessThan(1e-4);
    expect(row.learning_rate).toBeCloseTo(last.learning_rate, 12);
  });
  expectMoved(start, run.output, wanted.moved);
});

const ppoOptimizers: Record<string, object> = {
  adamw: { learningRate: 5e-4 },
  sgd: { name: "sgd", learningRate: 0.02 },
};

test.each(Object.entries(ppoRuns))(
  "PPO with %s follows TRL step by step, and so does its critic",
  async (name, wanted) => {
    const { updates, moved, value } = wanted;
    const replay = join(folder, `${name}.json`);
    writeFileSync(replay, JSON.stringify({ updates }));
    const run = config({
      method: "ppo",
      optimizer: { ...ppoOptimizers[name], schedule: "constant", maxGradNorm: null }, // TRL's clips nothing
      ppo: {
        ...{ rollouts: 8, maxCompletionLength: 20, temperature: 0.7, numPpoEpochs: 4, numMiniBatches: 2 },
        ...{ scorePlacement: "trl", reward: { model: `${golden}/reward_init` }, value: { init: critic }, replay },
      },
    });
    const { rows } = await tracedRun(run);
    expect(rows).toHaveLength(24);
    updates.forEach(({ minibatches, metrics }, update) => {
      const steps = rows.slice(8 * update, 8 * (update + 1));
      minibatches.forEach(({ loss, pg_loss, vf_loss }, i) => {
        near(steps[i]!.loss!, loss, 1e-5);
        near(steps[i]!["loss/policy"]!, pg_loss, 1e-5);
        near(steps[i]!["loss/value"]!, vf_loss, 1e-5);
      });
      for (const one of ["objective/kl", "objective/non_score_reward", "objective/scores"] as const)
        near(steps[0]![one]!, metrics[one]!, 1e-4);
      expect(steps[0]!["val/num_eos_tokens"]).toBe(metrics["val/num_eos_tokens"]);
      for (const clipped of ["policy/clipfrac", "val/clipfrac"] as const)
        near(mean(steps.map((row) => row[clipped]!)), metrics[`${clipped}_avg`]!, 1e-6);
    });
    expectMoved(start, run.output, moved);
    expectMoved(critic, join(run.output, "value"), value);
  },
);
