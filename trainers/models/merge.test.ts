// One adapter, worked into its model in each of the ways that leave this program.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tokenBatch } from "../batches";
import { tf } from "../engine/tensorflow";
import { tokenLogProbs } from "../policy";
import { writeGguf } from "./gguf-write";
import { type LoadedFiles, readModel } from "./load";
import { type Adapter, readAdapter } from "./lora";
import { writeMerged } from "./merge";
import type { Model } from "./transformer";
import { frozenWeights } from "./weights";

const golden = "data/golden/trajectories";
const base = await readModel(`${golden}/model`);
const adapter = readAdapter(`${golden}/adapter_init`, base.config);
const messages = [
  { role: "user", content: "Name a yellow fruit." },
  { role: "assistant", content: "A ripe banana is yellow." },
];
const ids = base.tokenizer.conversation(messages, false);
const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);

function say(files: LoadedFiles, adapter_: Adapter | null): tf.Tensor {
  const weights = frozenWeights(files.config, files.host, "float32");
  const model: Model = { config: files.config, weights, recompute: "none" };
  return tf.tidy(() => tokenLogProbs(model, adapter_, batch).mul(batch.mask));
}
const distance = (a: tf.Tensor, b: tf.Tensor) => a.sub(b).abs().max().dataSync()[0]!;
const apart = say(base, adapter);

test("the adapter does say something else than the base", () => {
  expect(distance(apart, say(base, null))).toBeGreaterThan(1e-3);
});

test.each([
  ["a folder", 1e-5, "merged", (path: string) => writeMerged(path, base, adapter)],
  ["GGUF, half precision", 2e-3, "model.gguf", (path: string) => writeGguf(path, "test", base, adapter, "F16")],
  ["GGUF, 8 bits", 5e-2, "model.gguf", (path: string) => writeGguf(path, "test", base, adapter, "Q8_0")],
])("%s says what base and adapter say, and reads the same text", async (_, tolerance, name, write) => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), name);
  write(path);
  const merged = await readModel(path);
  expect(merged.tokenizer.conversation(messages, false)).toEqual(ids);
  expect(distance(say(merged, null), apart)).toBeLessThan(tolerance);
});
