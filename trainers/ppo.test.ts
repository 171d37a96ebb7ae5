// PPO against the recorded run of TRL 1.12.0, the last release that has it: its rollouts and mini-batches, everything else computed anew.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "./config";
import type { MetricRow } from "./metrics";
import { readSafetensors } from "./models/safetensors";
import { run, silent } from "./train";

const golden = "data/golden/trajectories";
interface Update {
  minibatches: Record<"loss" | "pg_loss" | "vf_loss" | "pg_clipfrac" | "vf_clipfrac", number>[];
  metrics: Record<string, number>;
}
const { updates } = JSON.parse(readFileSync(`${golden}/ppo_lora_sgd.json`, "utf8")) as { updates: Update[] };

function config(overrides: object): RunConfig {
  return runConfig.parse({
    method: "ppo",
    model: { source: `${golden}/model`, dtype: "float32" },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` },
    optimizer: { name: "sgd", learningRate: 0.02, schedule: "constant", maxGradNorm: 1e9 },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
    ...overrides,
  });
}

const replayed = {
  ppo: {
    rollouts: 8,
    responseLength: 20,
    temperature: 0.7,
    epochs: 4,
    miniBatches: 2,
    scorePlacement: "trl",
    reward: { model: `${golden}/reward_init` },
    value: { init: `${golden}/ppo/value_init` },
    replay: `${golden}/ppo_lora_sgd.json`,
  },
};

async function rowsOf(run_: RunConfig, signal = new AbortController().signal): Promise<MetricRow[]> {
  const rows: MetricRow[] = [];
  await run(run_, { signal, observer: { ...silent, metrics: (row) => void rows.push(row) } });
  return rows;
}

test.each([[null], [60]])("follows TRL step by step (tokens at once: %s)", async (microBatchTokens) => {
  const rows = await rowsOf(config({ ...replayed, microBatchTokens }));
  const expected = updates.flatMap(({ minibatches }) => minibatches);
  expect(rows).toHaveLength(24);
  expected.forEach((wanted, i) => {
    const row = rows[i]!;
    expect([row.update, row.epoch, row.minibatch]).toEqual([
      1 + Math.floor(i / 8),
      1 + Math.floor((i % 8) / 2),
      1 + (i % 2),
    ]);
    expect(Math.abs(row.loss! - wanted.loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["loss/policy"]! - wanted.pg_loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["loss/value"]! - wanted.vf_loss)).toBeLessThan(1e-5);
    expect(Math.abs(row["policy/clipfrac"]! - wanted.pg_clipfrac)).toBeLessThan(1e-6);
    expect(Math.abs(row["val/clipfrac"]! - wanted.vf_clipfrac)).toBeLessThan(1e-6);
  });
  updates.forEach(({ metrics }, i) => {
    const row = rows[8 * i]!;
    for (const name of ["objective/kl", "objective/non_score_reward", "objective/scores", "objective/rlhf_reward"] as const)
      expect(Math.abs(row[name]! - metrics[name]!), name).toBeLessThan(1e-4);
    expect(row["val/num_eos_tokens"]).toBe(metrics["val/num_eos_tokens"]);
  });
});

test("ends its first step with TRL's weights of policy and critic", async () => {
  const run_ = config({ ...replayed, maxSteps: 1 });
  await rowsOf(run_);
  for (const [role, folder] of [
    ["policy", run_.output],
    ["value", join(run_.output, "value")],
  ] as const) {
    const ours = readSafetensors(join(folder, "adapter_model.safetensors"));
    const theirs = readSafetensors(`${golden}/ppo/ppo_lora_sgd_${role}_step1.safetensors`);
    expect(ours.size).toBe(role === "policy" ? 28 : 29);
    for (const [name, { data }] of ours) {
      const wanted = theirs.get(name) ?? theirs.get(name.replace(".weight", ".default.weight"));
      expect(wanted, `${name} of ${[...theirs.keys()].slice(0, 3)}`).toBeDefined();
      expect(Math.max(...data.map((value, i) => Math.abs(value - wanted!.data[i]!)))).toBeLessThan(1e-6);
    }
  }
});
