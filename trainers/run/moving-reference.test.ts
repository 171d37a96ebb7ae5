// TR-DPO: references that follow the policy. Expected numbers: TRL 1.16.0 (data/golden/make-moving-reference.py).
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { rowsOf } from "../../test/finished-run";
import { configOf, trained } from "../../test/stopped-runs";
import { readSafetensors } from "../models/formats/safetensors";

const golden = "data/golden/trajectories";
const { runs } = JSON.parse(readFileSync(`${golden}/moving-reference.json`, "utf8")) as {
  runs: { refModelSyncSteps: number; refModelMixupAlpha: number; steps: Record<string, number>[] }[];
};

test.each(runs)(
  "DPO over every weight follows TRL step by step, its reference moved every $refModelSyncSteps steps by $refModelMixupAlpha",
  async ({ steps, ...dpo }) => {
    const rows = await rowsOf(
      runConfig.parse({
        ...{ method: "dpo", adapter: null, dpo, batchSize: 4, maxSteps: steps.length },
        model: { source: `${golden}/model`, dtype: "float32" },
        data: { train: `${golden}/pairs.jsonl`, order: "sequential", maxLength: 256 },
        optimizer: { learningRate: 5e-4, schedule: "constant" },
        output: mkdtempSync(join(tmpdir(), "workbench-test-")),
      }),
    );
    expect(rows).toHaveLength(steps.length);
    steps.forEach(({ loss, grad_norm, ...theirs }, i) => {
      const row = rows[i] as unknown as Record<string, number>;
      expect(Math.abs(row.loss! - loss!), `loss of step ${i + 1}`).toBeLessThan(i ? 1e-5 : 1e-6);
      expect(Math.abs(row.grad_norm! / grad_norm! - 1), `gradient of step ${i + 1}`).toBeLessThan(i ? 1e-4 : 2e-6);
      for (const name of ["rewards/chosen", "rewards/rejected"])
        expect(Math.abs(row[name]! - theirs[name]!), `${name} of step ${i + 1}`).toBeLessThan(2e-5);
    });
  },
);

const unpaired = { train: `${golden}/unpaired.jsonl`, maxLength: 256 };
const often = { refModelSyncSteps: 2, refModelMixupAlpha: 1 };
test.each([
  ["dpo", { dpo: often }],
  ["listwise", { listwise: often }],
  ["kto", { kto: often, data: unpaired }],
  ["dpo", { dpo: often, adapter: { rank: 4, alpha: 8, start: "pissa" } }],
  ["dpo", { dpo: often, reference: "initial", adapter: { init: `${golden}/adapter_init` } }],
])("a reference that is replaced by the policy gives %s rewards of 0 once more: %j", async (method, options) => {
  const rows = await rowsOf(configOf({ method, ...options, maxSteps: 4, saveEvery: null }));
  const reward = (step: number) =>
    Math.max(...(["rewards/chosen", "rewards/rejected"] as const).map((name) => Math.abs(rows[step - 1]![name] ?? 0)));
  expect([1, 3].map(reward).every((size) => size < 1e-5)).toBe(true);
  expect([2, 4].map(reward).every((size) => size > 1e-4)).toBe(true);
});

test.each([
  ["LoRA", {}],
  ["PiSSA", { adapter: { rank: 4, alpha: 8, start: "pissa" } }],
  ["every weight", { adapter: null }],
])("a run whose reference moves goes on after a stop to the same bits: %s", async (_, options) => {
  const of = () =>
    configOf({ ...options, dpo: { refModelSyncSteps: 2, refModelMixupAlpha: 0.3 }, maxSteps: 6, saveEvery: null });
  const [whole, broken] = [of(), of()];
  const straight = await trained(whole);
  const first = await trained(broken, [], 3); // between two moves
  const second = await trained(broken, first.checkpoints);
  expect([...first.losses, ...second.losses]).toEqual([...straight.losses]);
  const fixed = await trained(configOf({ ...options, maxSteps: 6, saveEvery: null }));
  expect(fixed.losses.get(2)).toBeCloseTo(straight.losses.get(2)!, 5);
  expect(Math.abs(fixed.losses.get(3)! - straight.losses.get(3)!)).toBeGreaterThan(1e-4);
});

test("an adapter's reference is α of the policy and 1 − α of itself, weight by weight", async () => {
  const { checkpoints, losses } = await trained(
    configOf({ dpo: { refModelSyncSteps: 1, refModelMixupAlpha: 0.25 }, maxSteps: 2, saveEvery: 1 }),
  );
  expect(losses.size).toBe(2);
  const read = (step: number, ...folder: string[]) =>
    readSafetensors(join(checkpoints.find((one) => one.step === step)!.folder, ...folder, "adapter_model.safetensors"));
  const [before, policy, after] = [read(1, "reference"), read(2), read(2, "reference")];
  for (const [name, { data }] of after)
    for (const [i, value] of data.entries())
      expect(value).toBeCloseTo(0.25 * policy.get(name)!.data[i]! + 0.75 * before.get(name)!.data[i]!, 6);
});

test.each([{ reference: `${golden}/adapter_init` }, { adapter: { init: `${golden}/adapter_init` } }])(
  "a reference that would not begin as the policy is refused: %j",
  (options) => {
    expect(() => configOf({ ...options, dpo: { refModelSyncSteps: 8 } })).toThrow("begins as the policy");
  },
);
