import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tokenBatch } from "../batches";
import { tf } from "../engine/tensorflow";
import { tokenLogProbs } from "../policy";
import { readModel } from "./load";
import { readAdapter } from "./lora";
import { writeMerged } from "./merge";
import type { Model } from "./transformer";
import { frozenWeights } from "./weights";

const golden = "data/golden/trajectories";

test("a merged model says what base and adapter say, and reads the same text", async () => {
  const base = await readModel(`${golden}/model`);
  const adapter = readAdapter(`${golden}/adapter_init`, base.config);
  const folder = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "merged");
  writeMerged(folder, base, adapter);
  const merged = await readModel(folder);

  const messages = [
    { role: "user", content: "Name a yellow fruit." },
    { role: "assistant", content: "A ripe banana is yellow." },
  ];
  const ids = base.tokenizer.conversation(messages, false);
  expect(merged.tokenizer.conversation(messages, false)).toEqual(ids);
  const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
  const say = (files: typeof base, adapter_: typeof adapter | null) => {
    const weights = frozenWeights(files.config, files.host, "float32");
    const model: Model = { config: files.config, weights, recompute: "none" };
    return tf.tidy(() => tokenLogProbs(model, adapter_, batch).mul(batch.mask));
  };
  const [together, apart, without] = [say(merged, null), say(base, adapter), say(base, null)];
  expect(together.sub(apart).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  expect(together.sub(without).abs().max().dataSync()[0]).toBeGreaterThan(1e-3); // the adapter does say something else
});
