// Rounds of sampling, judging and DPO: what is paired, and that a stop between rounds changes nothing.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunConfig, runConfig } from "./config";
import type { MetricRow } from "./metrics";
import { type Resume, run, silent } from "./train";

const golden = "data/golden/trajectories";

function config(iterativeDpo: object): RunConfig {
  return runConfig.parse({
    method: "iterative-dpo",
    model: { source: `${golden}/model` },
    adapter: { rank: 8, alpha: 16, init: `${golden}/ppo/policy_init` }, // it ends answers by itself
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256 },
    batchSize: 4,
    optimizer: { learningRate: 1e-3, schedule: "constant" },
    iterativeDpo: {
      rounds: 3,
      promptsPerRound: 8,
      samples: 6,
      responseLength: 48,
      temperature: 0.6,
      judge: { model: `${golden}/reward_init` },
      ...iterativeDpo,
    },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
}

async function trained(run_: RunConfig, resume: Resume[] = [], stopAfter = Number.POSITIVE_INFINITY) {
  const rows: MetricRow[] = [];
  const saved: Resume[] = [];
  const stop = new AbortController();
  const observer = {
    ...silent,
    metrics(row: MetricRow) {
      rows.push(row);
      if (row.step === stopAfter) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(run_, { observer, signal: stop.signal, resume, attempt: resume.length + 1 });
  return { rows, saved };
}

test.each(["initial", "previous-round"])(
  "stopped between rounds and resumed, it ends with the same bits: reference %s",
  async (reference) => {
    const straight = config({ reference });
    const whole = await trained(straight);
    expect(whole.rows.map(({ step, round }) => [step, round])).toEqual([
      [2, 1],
      [4, 2],
      [6, 3],
    ]);
    const halted = config({ reference });
    const first = await trained(halted, [], 2);
    const second = await trained(halted, first.saved);
    expect([...first.rows, ...second.rows].map(({ loss }) => loss)).toEqual(whole.rows.map(({ loss }) => loss));
    const adapter = (run_: RunConfig) => readFileSync(join(run_.output, "adapter_model.safetensors"));
    expect(adapter(halted).equals(adapter(straight))).toBe(true);
  },
);

test("a round starts at its reference where that moves, and leaves it where it stays", async () => {
  const one = { promptsPerRound: 4, rounds: 2 }; // one step a round: its loss is that of the round's start
  const [moving, staying] = [
    await trained(config({ ...one, reference: "previous-round" })),
    await trained(config({ ...one, reference: "initial" })),
  ];
  for (const { loss } of moving.rows) expect(loss).toBeCloseTo(Math.log(2), 5);
  expect(staying.rows[0]!.loss).toBeCloseTo(Math.log(2), 5);
  expect(Math.abs(staying.rows[1]!.loss! - Math.log(2))).toBeGreaterThan(1e-4);
  expect(moving.rows[0]!["objective/score_gap"]).toBeGreaterThan(0);
  expect(moving.rows[0]!["objective/pairs"]).toBeLessThanOrEqual(4);
});
