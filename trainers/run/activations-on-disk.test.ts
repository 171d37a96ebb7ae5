// Block inputs in a file between the passes: the same run to the last bit, on each way that blocks are computed.
import { fstatSync, mkdtempSync, readdirSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { tracedRun } from "../../test/traced-run";

async function trained(method: string, recompute: string, more: object) {
  const output = mkdtempSync(join(tmpdir(), "workbench-activations-"));
  const config = runConfig.parse({
    ...{ method, model: { source: "tiny" }, maxSteps: 3, batchSize: 4, recompute, output },
    data: { train: "data/golden/trajectories/pairs.jsonl", maxLength: 256 },
    optimizer: { learningRate: 1e-3 },
    ...more,
  });
  const { rows } = await tracedRun(config);
  return rows.map(({ step, loss, grad_norm }) => ({ step, loss, grad_norm }));
}

/** Bytes of the file that this process has open. */
function bytesOnDisk(): number {
  const file = readdirSync("/proc/self/fd").find((fd) => {
    try {
      return /tmp-activations-.*\(deleted\)$/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // that of the listing itself
    }
  });
  return file === undefined ? 0 : fstatSync(Number(file)).size;
}

test.each([
  ["dpo", "own ops", {}],
  ["dpo", "TensorFlow's ops", { adapter: { type: "lora", dora: true } }],
  ["reward", "own ops", {}],
])(
  "%s by %s, on disk as in memory",
  async (method, _, more) => {
    const inMemory = await trained(method, "block", more);
    const before = bytesOnDisk();
    const onDisk = await trained(method, "disk", more);
    expect(inMemory.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(onDisk).toEqual(inMemory);
    // four layers of at least 8 answers of 32 tokens and 160 numbers
    expect(bytesOnDisk() - before).toBeGreaterThan(4 * 8 * 32 * 160 * 4);
  },
  120_000,
);

test("training every weight recomputes no blocks, on disk neither", () => {
  const { error } = runConfig.safeParse({
    ...{ method: "sft", model: { source: "tiny" }, adapter: null, data: { train: "r.jsonl" }, output: "o" },
    recompute: "disk",
  });
  expect(error!.issues.map(({ path }) => path.join("."))).toEqual(["recompute"]);
});
