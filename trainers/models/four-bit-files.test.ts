// Models of several families with their linear layers in 4 bits against the same with the numbers behind the codes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FourBitType, HeldBase } from "../../spec/fields/model";
import { familyWeights } from "../../test/family-models";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { sequenceLogProbs } from "../inference/policy";
import { parseModelConfig, weightShapes } from "./families";
import type { LoadedFiles } from "./formats/loaded-files";
import { fourBitFiles } from "./four-bit-files";
import { frozenWeights } from "./weights";

const golden = "data/golden/families";
/** Of each way in which families differ here: matrices [in, out], heads side by side, experts, states, layers in one, Llama's own ops. */
const families = ["gpt2", "gpt-neox", "mixtral", "mamba", "phi3", "gemma3", "qwen2-window"];
const row = (...answer: number[]) => ({
  input_ids: [3, 9, 27, ...answer],
  completion_mask: [0, 0, 0, ...answer.map(() => 1)],
});

const held: HeldBase<FourBitType> = { quantisation: "nf4-double", unquantised: [] };
test.each(families)("%s: quantised linear layers are the numbers behind their codes", (file) => {
  const json = JSON.parse(readFileSync(join(golden, `${file}.json`), "utf8")).config;
  const config = parseModelConfig(json);
  const host = familyWeights(json);
  const files = { config, host } as unknown as LoadedFiles;
  const rounded = fourBitFiles(files, held).host;
  const changed = Object.keys(weightShapes(config)).filter((name) =>
    host.get(name)!.data.some((x, i) => x !== rounded.get(name)!.data[i]),
  );
  expect(changed.length).toBeGreaterThanOrEqual(config.layers);
  for (const name of changed) expect(name).toMatch(/proj|dense|query_key_value|c_attn|c_fc/);
  for (const dtype of ["float32", "bfloat16"] as const) {
    const [found, expected] = [frozenWeights(config, host, dtype, held), frozenWeights(config, rounded, dtype)].map(
      (weights) => {
        const model = { config, weights, recompute: "none" as const };
        const batch = tokenBatch([[row(5, 7, 11, 13), row(2, 6, 8)]], 0);
        return tf.tidy(() => sequenceLogProbs(model, null, batch).dataSync<"float32">());
      },
    );
    for (const [i, value] of expected!.entries())
      expect(Math.abs(found![i]! - value), dtype).toBeLessThan(1e-5 * Math.abs(value));
  }
});
