// A run that is stopped and resumed leaves the bits of one that is not, whatever it trains with.
// @module-tag long
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHash } from "../../../common/file-hash";
import { runConfig } from "../../../spec/config";
import type { MetricRow } from "../../../spec/metrics/catalogue";
import { silent } from "../observer";
import type { Resume } from "../restore";
import { run } from "../train";

const golden = "data/golden/trajectories";

/** The hash of what a run of four steps leaves, stopped after step `until` and resumed where that is given; and its held-out losses. */
async function result(optimizer: object, adapter: object | null, until: number | null) {
  const config = runConfig.parse({
    ...{ method: "dpo", model: { source: `${golden}/model` }, adapter, batchSize: 2, maxSteps: 4, evalEvery: 2 },
    data: { train: `${golden}/pairs.jsonl`, maxLength: 256, maxRows: 12, heldOut: 0.3 },
    optimizer: { learningRate: 1e-3, weightDecay: 0.1, warmupRatio: 0.25, schedule: "constant", ...optimizer },
    output: mkdtempSync(join(tmpdir(), "workbench-test-")),
  });
  const [losses, saved]: [number[], Resume[]] = [[], []];
  const stop = new AbortController();
  const observer = {
    ...silent,
    metrics({ step, eval_loss }: MetricRow) {
      if (eval_loss !== undefined) losses.push(eval_loss);
      if (step === until) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(config, { observer, signal: stop.signal });
  if (until !== null) await run(config, { observer, signal: new AbortController().signal, resume: saved, attempt: 2 });
  return [losses, fileHash(join(config.output, adapter ? "adapter_model.safetensors" : "model.safetensors"))];
}

const lora = { rank: 4, alpha: 8 };
test.each<[object, object | null]>([
  [{ clipping: "adagc", clipWarmup: 2 }, lora],
  [{ name: "lion" }, lora],
  [{ name: "adamw8bit" }, { rank: 64, alpha: 8 }], // matrices of 4,096 numbers and more, which 8 bits are for
  [{ name: "adamw8bit" }, null],
  [{ name: "adamw8bit", paged: true }, null],
  [{ name: "schedule_free_adamw", paged: true }, lora],
  [{ name: "adafactor" }, lora],
  [{ name: "schedule_free_adamw" }, lora],
  [{ name: "schedule_free_adamw" }, null],
  [{ name: "muon" }, lora],
  [{ name: "muon" }, null],
])("%j over %j", async (optimizer, adapter) => {
  expect(await result(optimizer, adapter, 2)).toEqual(await result(optimizer, adapter, null));
});

test.each<[object, object | null]>([
  [{ name: "adamw" }, null],
  [{ name: "adamw8bit" }, null],
  [{ name: "schedule_free_adamw", clipping: "adagc", clipWarmup: 2 }, lora],
  [{ name: "muon" }, lora],
])("%j over %j leaves the same bits with its states on disk", async (optimizer, adapter) => {
  expect(await result({ ...optimizer, paged: true }, adapter, null)).toEqual(await result(optimizer, adapter, null));
});
