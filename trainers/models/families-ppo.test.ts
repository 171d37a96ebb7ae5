// PPO of every family against TRL 1.12, the last that has it: data/golden/families/ppo/make-ppo.py made the rollouts and what is expected.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { writeFamilyFolder, writeStart } from "../../test/family-models";
import { silent } from "../run/observer";
import { run } from "../run/train";

const golden = "data/golden/families";
interface Update {
  minibatches: Record<"loss" | "pg_loss" | "vf_loss", number>[];
  metrics: Record<"objective/kl" | "objective/scores" | "policy/clipfrac_avg" | "val/clipfrac_avg", number>;
}
const jsonOf = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const families = readdirSync(join(golden, "ppo")).filter((file) => file.endsWith(".json"));

test.each(families)("%s: a run of PPO follows TRL step by step", { tags: "long" }, async (file) => {
  const { config } = jsonOf(join(golden, file)) as { config: Record<string, unknown> };
  const { updates } = jsonOf(join(golden, "ppo", file)) as { updates: Update[] };
  const folder = mkdtempSync(join(tmpdir(), "workbench-family-"));
  const [source, init, scorer] = [join(folder, "model"), join(folder, "adapter"), join(folder, "scorer")];
  writeFamilyFolder(source, config);
  writeStart(init, config, false);
  writeStart(scorer, config, true);
  const rows: MetricRow[] = [];
  const replayed = runConfig.parse({
    method: "ppo",
    model: { source, dtype: "float32" },
    adapter: { rank: 4, alpha: 8, init },
    optimizer: { learningRate: 1e-3, schedule: "constant", maxGradNorm: 1e9 },
    output: join(folder, "run"),
    ppo: {
      rollouts: 4,
      maxCompletionLength: 12,
      temperature: 0.7,
      numPpoEpochs: 4,
      numMiniBatches: 2,
      scorePlacement: "trl",
      missingEosPenalty: 0,
      reward: { model: scorer },
      replay: join(golden, "ppo", file),
    },
  });
  const observer = { ...silent, metrics: (row: MetricRow) => void rows.push(row) };
  await run(replayed, { observer, signal: new AbortController().signal });
  expect(rows).toHaveLength(24);
  const off = (found: number | undefined, wanted: number) => Math.abs(found! - wanted);
  updates.forEach(({ minibatches, metrics }, update) => {
    const steps = rows.slice(8 * update, 8 * (update + 1));
    minibatches.forEach(({ loss, pg_loss: policy, vf_loss: value }, i) => {
      expect(off(steps[i]!.loss, loss), `loss at step ${8 * update + i + 1}`).toBeLessThan(1e-5);
      expect(off(steps[i]!["loss/policy"], policy), `policy loss at step ${8 * update + i + 1}`).toBeLessThan(1e-5);
      expect(off(steps[i]!["loss/value"], value), `value loss at step ${8 * update + i + 1}`).toBeLessThan(1e-5);
    });
    for (const name of ["objective/kl", "objective/scores"] as const)
      expect(off(steps[0]![name], metrics[name]), `${name} of update ${update + 1}`).toBeLessThan(1e-4);
    for (const name of ["policy/clipfrac", "val/clipfrac"] as const) {
      const mean = steps.reduce((total, row) => total + row[name]!, 0) / steps.length;
      expect(off(mean, metrics[`${name}_avg`]), name).toBeLessThan(1e-6);
    }
  });
});
