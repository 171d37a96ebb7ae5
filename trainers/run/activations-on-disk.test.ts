// Block inputs in a file between the passes: the same run to the last bit, on each way that blocks are computed.
import { mkdtempSync, readFileSync } from "node:fs";
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

/** Bytes that this process has written so far. */
const written = () => Number(/^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))![1]);

test.each([
  ["dpo", "own ops", {}],
  ["dpo", "TensorFlow's ops", { adapter: { type: "lora", dora: true } }],
  ["reward", "own ops", {}],
])(
  "%s by %s, on disk as in memory",
  async (method, _, more) => {
    const counts = [written()];
    const inMemory = await trained(method, "block", more);
    counts.push(written());
    const onDisk = await trained(method, "disk", more);
    counts.push(written());
    const [elsewhere, all] = [counts[1]! - counts[0]!, counts[2]! - counts[1]!];
    expect(inMemory.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(onDisk).toEqual(inMemory);
    // three steps, four layers of at least 8 answers of 32 tokens and 160 numbers
    expect(all - elsewhere).toBeGreaterThan(3 * 4 * 8 * 32 * 160 * 4);
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
