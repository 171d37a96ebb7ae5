// A poisoned batch is left out to the last bit, and a run whose weights are spoilt goes back to a checkpoint.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHash } from "../../common/file-hash";
import { runConfig } from "../../spec/config";
import type { MetricRow } from "../../spec/metrics/catalogue";
import { silent } from "./observer";
import type { Resume } from "./restore";
import { run } from "./train";

const golden = "data/golden/trajectories";
const pairs = readFileSync(`${golden}/pairs.jsonl`, "utf8").trim().split("\n").slice(0, 32);
const poisoned = JSON.stringify({
  prompt: "A broken row",
  chosen: "zq# ".repeat(60),
  rejected: "0x7 \u0000".repeat(60),
});

interface Asked {
  onSpike?: "rollback";
  saveEvery?: number;
  /** Stopped after this step, and resumed. */
  until?: number;
}

/** What a run of DPO over `rows`, two a step, leaves: the hash of its adapter, its metrics and its log. */
async function trained(rows: string[], { onSpike, saveEvery, until }: Asked) {
  const folder = mkdtempSync(join(tmpdir(), "workbench-test-"));
  writeFileSync(join(folder, "rows.jsonl"), rows.join("\n"));
  const config = runConfig.parse({
    ...{
      method: "dpo",
      model: { source: `${golden}/model` },
      adapter: { rank: 4, alpha: 8 },
      batchSize: 2,
      onSpike,
      saveEvery,
    },
    data: { train: join(folder, "rows.jsonl"), order: "sequential", maxLength: 512 },
    optimizer: { learningRate: 1e-3, weightDecay: 0.1, schedule: "constant" },
    output: join(folder, "run"),
  });
  const [metrics, notes, saved]: [MetricRow[], string[], Resume[]] = [[], [], []];
  const stop = new AbortController();
  const observer = {
    ...silent,
    note: (text: string) => void notes.push(text),
    metrics(row: MetricRow) {
      metrics.push(row);
      if (row.step === until) stop.abort();
    },
    checkpoint: (_: number, folder: string, manifestHash: string) => void saved.unshift({ folder, manifestHash }),
  };
  await run(config, { observer, signal: stop.signal });
  if (until) await run(config, { observer, signal: new AbortController().signal, resume: saved, attempt: 2 });
  return { hash: fileHash(join(config.output, "adapter_model.safetensors")), metrics, notes };
}

/** The rows with `count` poisoned batches after the first `at`. */
const poison = (at: number, count: number) => pairs.toSpliced(2 * at, 0, ...Array<string>(2 * count).fill(poisoned));

test("a run with a poisoned batch ends with the bits of the run without it, and names its rows", async () => {
  const clean = await trained(pairs, {});
  const left = await trained(poison(12, 1), { onSpike: "rollback" });
  expect(left.hash).toBe(clean.hash);
  expect((await trained(poison(12, 1), {})).hash).not.toBe(clean.hash);
  expect(left.notes.filter((note) => note.includes("left out"))).toEqual([
    expect.stringMatching(
      /^step 13 left out: gradient norm \d+\.\d, usually \S+\. Its rows: “A broken row”, “A broken row”$/,
    ),
  ]);
  const learnt = ({ metrics }: typeof clean, leaveOut?: number) =>
    metrics.filter(({ step }) => step !== leaveOut).map(({ loss, grad_norm }) => [loss, grad_norm]);
  expect(learnt(left, 13)).toEqual(learnt(clean));
});

test("stopped before the spike, or between two, it ends with the same bits", async () => {
  const whole = await trained(poison(12, 2), { onSpike: "rollback" });
  expect(whole.hash).toBe((await trained(pairs, {})).hash);
  for (const until of [11, 13])
    expect((await trained(poison(12, 2), { onSpike: "rollback", until })).hash).toBe(whole.hash);
});

test("after three in a row it goes on from the last checkpoint, with the bits of the run without what came after that", async () => {
  const { hash, notes } = await trained(poison(12, 3), { onSpike: "rollback", saveEvery: 5 });
  expect(hash).toBe((await trained(pairs.toSpliced(20, 4), {})).hash); // steps 11 and 12 are left out too
  expect(notes.at(-1)).toBe("went back to the weights of step 10; what was learnt after it is left out, up to step 15");
  const resumed = await trained(poison(12, 3), { onSpike: "rollback", saveEvery: 5, until: 14 });
  expect(resumed.hash).toBe(hash);
});

test("if they go on it tries the checkpoint before, and ends where there is none", async () => {
  const twice = await trained(poison(12, 6), { onSpike: "rollback", saveEvery: 5 });
  expect(twice.hash).toBe((await trained(pairs.toSpliced(10, 14), {})).hash); // the weights of step 5
  await expect(trained(poison(12, 3), { onSpike: "rollback" })).rejects.toThrow(
    /^the gradient norms of steps 13 to 15 were beyond \S+, and there is no checkpoint to go back to; try a lower learning rate$/,
  );
  await expect(trained(poison(12, 9), { onSpike: "rollback", saveEvery: 10 })).rejects.toThrow(
    /steps 16 to 18 were beyond \S+, and going back to 1 checkpoint did not help/,
  );
});
