// Every weight trained, without an adapter: against TRL 1.16.0 without a peft_config (data/golden/make-whole.py), over a kill, and what one run
// leaves behind as what the next one reads.
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHash } from "../../common/file-hash";
import { type RunConfig, runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { fewReviews } from "../../test/few-reviews";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { readPolicy } from "../inference/frozen-policy";
import { tokenLogProbs } from "../inference/policy";
import { loadModel, readModel } from "../models/load";
import { readScorer } from "../models/scorer";
import { openRewardModel } from "../rewards/reward-model";
import { silent } from "./observer";
import type { Resume } from "./restore";
import { run } from "./train";

const golden = "data/golden/trajectories";
const whole = JSON.parse(readFileSync(`${golden}/whole.json`, "utf8")) as {
  runs: Record<string, { rows: string; steps: Record<string, number>[] }>;
};

function config(overrides: object): RunConfig {
  return runConfig.parse({
    method: "dpo",
    model: { source: `${golden}/model` },
    adapter: null,
    data: { train: `${golden}/pairs.jsonl`, order: "sequential", maxLength: 256 },
    batchSize: 4,
    maxSteps: 4,
    optimizer: { learningRate: 5e-4, schedule: "constant" },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });
}

/** The rows that it logs. `until`: the step after which it is told to stop. */
async function rowsOf(given: RunConfig, { until, resume }: { until?: number; resume?: Resume[] } = {}) {
  const stop = new AbortController();
  const rows: MetricRow[] = [];
  const saved: Resume[] = [];
  const checks: string[] = [];
  const observer = {
    ...silent,
    metrics(row: MetricRow) {
      rows.push(row);
      if (row.step === until) stop.abort();
    },
    checked: ({ name }: { name: string }) => void checks.push(name),
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(given, { observer, signal: stop.signal, ...(resume && { resume, attempt: 2 }) });
  return { rows, saved, checks };
}

const ids = [1, 40, 50, 60, 70, 80, 90];
const batch = () => tokenBatch([[{ input_ids: ids, completion_mask: [0, 0, 0, 1, 1, 1, 1] }]], 0);
const rowsAsIds = [{ input_ids: ids, completion_mask: ids.map(() => 1) }];
async function logProbsOf(source: string): Promise<number[]> {
  const { model } = await loadModel({ source, dtype: "float32" });
  return [...tokenLogProbs(model, null, batch()).dataSync()];
}

test.each(Object.keys(whole.runs))("%s over every weight follows TRL step by step", async (method) => {
  const { rows: file, steps } = whole.runs[method]!;
  const { rows } = await rowsOf(
    config({
      method,
      maxSteps: steps.length,
      data: { train: `${golden}/${file}`, order: "sequential", maxLength: 256 },
      ...(method === "kto" && { kto: { klPartner: "previous-row" } }),
      ...(method === "reward" && { reward: { headInit: `${golden}/reward_init` } }),
    }),
  );
  expect(rows).toHaveLength(steps.length);
  steps.forEach(({ loss, grad_norm }, i) => {
    const row = rows[i] as unknown as Record<string, number>;
    expect(Math.abs(row.loss! - loss!), `loss of step ${i + 1}`).toBeLessThan((i ? 1e-5 : 1e-6) * Math.max(1, loss!));
    expect(Math.abs(row.grad_norm! / grad_norm! - 1), `gradient of step ${i + 1}`).toBeLessThan(i ? 1e-4 : 2e-6);
  });
});

test.each(Object.keys(whole.runs))(
  "%s over every weight in bfloat16 stays beside the run in float32, whose numbers its weights keep",
  async (method) => {
    const { rows: file, steps } = whole.runs[method]!;
    const given = config({
      method,
      model: { source: `${golden}/model`, dtype: "bfloat16" },
      maxSteps: steps.length,
      data: { train: `${golden}/${file}`, order: "sequential", maxLength: 256 },
      ...(method === "kto" && { kto: { klPartner: "previous-row" } }),
      ...(method === "reward" && { reward: { headInit: `${golden}/reward_init` } }),
    });
    const { rows } = await rowsOf(given);
    const apart = steps.map(({ loss }, i) => Math.abs(rows[i]!.loss! - loss!) / Math.max(1, loss!));
    expect(Math.max(...apart)).toBeLessThan(2e-2);
    expect(Math.max(...apart)).toBeGreaterThan(1e-6); // it is not the float32 run
    const { host } = await readModel(given.output);
    const numbers = new Uint32Array(Float32Array.from(host.get("model.layers.0.mlp.up_proj.weight")!.data).buffer);
    expect(numbers.filter((bits) => (bits & 0xffff) !== 0).length).toBeGreaterThan(0.9 * numbers.length);
  },
);

const rollout = { maxCompletionLength: 4, reward: { model: `${golden}/reward_init` } };
const bfloat16 = { model: { source: `${golden}/model`, dtype: "bfloat16" } };
test.each<[string, object]>([
  ["dpo", {}],
  ["dpo in bfloat16", bfloat16],
  [
    "ppo in bfloat16",
    { ...bfloat16, method: "ppo", ppo: { ...rollout, rollouts: 4, numPpoEpochs: 1, numMiniBatches: 1 } },
  ],
  ["kto", { method: "kto", data: { train: `${golden}/unpaired.jsonl`, maxLength: 256 } }],
  ["listwise", { method: "listwise" }],
  ["ppo", { method: "ppo", ppo: { ...rollout, rollouts: 4, numPpoEpochs: 1, numMiniBatches: 1 } }],
  [
    "ppo with the actor's states",
    { method: "ppo", ppo: { ...rollout, rollouts: 4, numPpoEpochs: 1, numMiniBatches: 1, value: { head: "actor" } } },
  ],
  ["grpo", { method: "grpo", grpo: { ...rollout, prompts: 2, numGenerations: 2 } }],
  ["rloo", { method: "rloo", rloo: { ...rollout, prompts: 2, numGenerations: 2 } }],
  [
    "iterative dpo, reference of the last round",
    {
      method: "iterative-dpo",
      iterativeDpo: {
        ...{ rounds: 4, promptsPerRound: 4, numGenerations: 4, reference: "previous-round", maxCompletionLength: 48 },
        judge: { gold: "film-reviews" },
      },
      model: { source: "tiny" },
      data: { train: fewReviews(), maxLength: 128 },
    },
  ],
])("%s over every weight starts at its reference, and goes on after a stop to the same bits", async (_, options) => {
  const straight = config({ ...options, maxSteps: 4 });
  const { rows } = await rowsOf(straight);
  const stopped = config({ ...options, maxSteps: 4 });
  const { saved } = await rowsOf(stopped, { until: rows[Math.floor(rows.length / 2) - 1]!.step });
  expect(saved).not.toHaveLength(0);
  await rowsOf(stopped, { resume: saved });
  expect(fileHash(join(stopped.output, "model.safetensors"))).toBe(
    fileHash(join(straight.output, "model.safetensors")),
  );
  // the reference stayed what the model was: a policy that starts as it has no KL
  const first = rows[0] as unknown as Record<string, number>;
  for (const name of ["objective/kl", "rewards/chosen", "rewards/rejected", "kl"])
    if (first[name] !== undefined) expect(Math.abs(first[name]), name).toBeLessThan(1e-3);
});

test("what a run leaves, and its checkpoints, are models whose log-probabilities the next run and chat read to the bit", async () => {
  const first = config({ saveEvery: 2 });
  const { saved, checks } = await rowsOf(first);
  expect(checks).toEqual(expect.arrayContaining(["start", "reference"]));
  const learnt = await logProbsOf(first.output);
  expect(learnt).not.toEqual(await logProbsOf(first.model.source));
  expect(await logProbsOf(saved[0]!.folder)).toEqual(learnt); // the last step's
  expect(readdirSync(saved[1]!.folder)).toEqual(
    expect.arrayContaining(["config.json", "tokenizer.json", "manifest.json"]),
  );

  const base = await loadModel({ source: first.model.source, dtype: "float32" });
  const policy = await readPolicy(first.output, base.model);
  expect([...tokenLogProbs(policy.model, policy.adapter, batch()).dataSync()]).toEqual(learnt);

  // the next run's reference is what the first one left: at its start nothing has moved
  const next = await rowsOf(config({ model: { source: first.output }, maxSteps: 1 }));
  expect(Math.abs(next.rows[0]!["rewards/chosen"]!)).toBeLessThan(1e-5);
  const onAdapter = await rowsOf(config({ model: { source: first.output }, adapter: {}, maxSteps: 1 }));
  expect(Math.abs(onAdapter.rows[0]!["rewards/chosen"]!)).toBeLessThan(1e-5);
});

test("a reward model whose every weight was trained scores in PPO over every weight, and its critic starts from it", async () => {
  const scorer = config({ method: "reward" });
  await rowsOf(scorer);
  const json = JSON.parse(readFileSync(join(scorer.output, "config.json"), "utf8"));
  expect(json).toMatchObject({ architectures: ["LlamaForSequenceClassification"], num_labels: 1, pad_token_id: 0 });
  const { model, tokenizer } = readScorer(scorer.output);
  const [score] = openRewardModel(scorer.output, model, tokenizer).score(rowsAsIds);
  expect(Number.isFinite(score)).toBe(true);

  const ppo = {
    rollouts: 4,
    maxCompletionLength: 4,
    numPpoEpochs: 1,
    numMiniBatches: 1,
    reward: { model: scorer.output },
  };
  const tuned = config({ method: "ppo", ppo, maxSteps: 2 });
  const { rows } = await rowsOf(tuned);
  expect(Math.abs(rows[0]!["objective/kl"]!)).toBeLessThan(1e-3);
  expect(readdirSync(join(tuned.output, "value"))).toEqual(["model.safetensors"]);
  const copy = mkdtempSync(join(tmpdir(), "workbench-test-"));
  cpSync(scorer.output, copy, { recursive: true });
  expect(openRewardModel(copy, model, tokenizer).score(rowsAsIds)).toEqual([score]);
});

test("the reference of a fully trained policy is neither trained nor kept as a variable", async () => {
  const before = tf.memory().numTensors;
  await rowsOf(config({ maxSteps: 1 }));
  const once = tf.memory().numTensors - before;
  await rowsOf(config({ maxSteps: 3 }));
  expect(tf.memory().numTensors - before).toBe(2 * once);
});
