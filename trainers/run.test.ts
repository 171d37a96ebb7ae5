// The trainer's process as the runner starts it, on a run's row as an older workbench left it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { appDb } from "../lib/db/client";
import { runs } from "../lib/db/schema";
import { claimRun } from "../lib/runner/claim";
import type { RunConfig } from "../spec/config";
import { freshDatabase, seedRun } from "../test/database";

const folder = freshDatabase();
const golden = "data/golden/trajectories";

/** A queued run with this config in its row, claimed and trained. */
function trained(id: string, config: object) {
  seedRun(id);
  appDb()
    .update(runs)
    .set({ config: config as RunConfig })
    .where(eq(runs.id, id))
    .run();
  claimRun("test", Date.now);
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "trainers/run.ts", id, "1"], {
    encoding: "utf8",
    env: { ...process.env, WORKBENCH_DATA: folder },
  });
  return { status, stderr };
}

test("B1: a run that was queued before an upgrade trains with every newer field at its default", () => {
  const output = join(folder, "runs", "queued");
  const { stderr, status } = trained("queued", {
    method: "dpo",
    model: { source: `${golden}/model`, dtype: "float32" },
    adapter: { rank: 4, alpha: 8, dropout: 0, targets: "all-linear" },
    data: { train: `${golden}/pairs.jsonl`, tokens: null, eval: null, order: "shuffled", maxLength: 256 },
    seed: 0,
    batchSize: 2,
    maxSteps: 1,
    reference: "base",
    dpo: { beta: 0.1, loss: "sigmoid" },
    output,
  });
  expect(stderr).not.toContain("undefined");
  expect(status).toBe(0);
  expect(existsSync(join(output, "adapter_model.safetensors"))).toBe(true);
}, 300_000);

test("B1: a run whose stored config cannot be read fails with a sentence that names the field", () => {
  const { stderr, status } = trained("broken", { method: "dpo", model: { source: "tiny" }, batchSize: "many" });
  expect(status).toBe(1);
  expect(stderr).toContain("cannot read the run's stored config: ");
  expect(stderr).toContain("batchSize");
}, 300_000);
