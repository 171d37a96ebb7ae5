// The trainers' process as the runner starts it: a run's folder in, events out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EventOf, trainerEvent } from "../../spec/events";

const golden = "data/golden/trajectories";

function trained(config: object, { before = () => {} }: { before?: (folder: string) => void } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-run-"));
  const output = join(folder, "run");
  mkdirSync(output);
  writeFileSync(join(output, "run.json"), JSON.stringify({ ...config, output }));
  writeFileSync(
    join(output, "attempt-1.json"),
    JSON.stringify({ checkpoints: [], allowChanged: false, history: null }),
  );
  before(output);
  const { status, stderr } = spawnSync(process.execPath, ["scripts/program.mjs", "trainers/run/main.ts", output, "1"], {
    encoding: "utf8",
    env: { ...process.env, WORKBENCH_DATA: folder },
  });
  const events = readFileSync(join(output, "events-1.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => trainerEvent.parse(JSON.parse(line)));
  return { output, status, stderr, events };
}

const small = {
  method: "dpo",
  model: { source: `${golden}/model`, dtype: "float32" },
  adapter: { rank: 4, alpha: 8, dropout: 0, targets: "all-linear" },
  data: { train: `${golden}/pairs.jsonl`, tokens: null, eval: null, order: "shuffled", maxLength: 256 },
  seed: 0,
  batchSize: 2,
  maxSteps: 1,
  reference: "base",
  dpo: { beta: 0.1, loss: "sigmoid" },
};

test("B1: a run that was queued before an upgrade trains with every newer field at its default, and its events say what happened", () => {
  const { output, status, stderr, events } = trained(small);
  expect(stderr).not.toContain("undefined");
  expect(status).toBe(0);
  expect(existsSync(join(output, "adapter_model.safetensors"))).toBe(true);
  expect(events.find(({ event }) => event === "started")).toMatchObject({ step: 0, totalSteps: 1 });
  const [row] = events.filter((event): event is EventOf<"metrics"> => event.event === "metrics");
  expect(row).toMatchObject({ step: 1, values: { loss: expect.closeTo(Math.LN2, 5) } });
  expect(events.filter(({ event }) => event === "checkpoint")).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ event: "finished", stopped: false });
}, 300_000);

test("B1: a run whose stored config cannot be read fails with a sentence that names the field, and the stack", () => {
  const { status, events } = trained({ method: "dpo", model: { source: "tiny" }, batchSize: "many" });
  expect(status).toBe(1);
  const failed = events.at(-1) as EventOf<"failed">;
  expect(failed.message).toContain("cannot read the run's stored config: ");
  expect(failed.message).toContain("batchSize");
  expect(failed.stack).toMatch(/\n\s+at .*stored-config\.ts/);
}, 300_000);

test("a file named stop ends a run after its step, saved, as SIGTERM does", () => {
  const { status, events } = trained(
    { ...small, maxSteps: 1_000_000 },
    { before: (folder) => writeFileSync(join(folder, "stop"), "") },
  );
  expect(status).toBe(3);
  expect(events.at(-1)).toMatchObject({ event: "finished", stopped: true });
  const [saved] = events.filter((event): event is EventOf<"checkpoint"> => event.event === "checkpoint");
  expect(existsSync(join(saved!.folder, "manifest.json"))).toBe(true);
}, 300_000);
