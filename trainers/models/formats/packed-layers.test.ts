import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packedFolder } from "../../../test/packed-golden";
import { tf } from "../../engine/tensorflow";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { readModel } from "../load";
import { lookAtModel } from "../look";
import { frozenWeights } from "../weights";

const { ids, ...packed } = JSON.parse(readFileSync("data/golden/packed/packed.json", "utf8")) as {
  ids: number[];
} & Record<"gptq" | "awq", { logProbs: number[] }>;

/** GPTQModel's kernel of AWQ multiplies in half precision. */
const within = { gptq: 1e-4, awq: 1e-2 };

test.each(["gptq", "awq"] as const)("%s: the unpacked model says what GPTQModel's says", async (method) => {
  const { config, host, companions } = await readModel(packedFolder(method));
  expect(JSON.parse(companions()["config.json"]!)).not.toHaveProperty("quantization_config");
  const model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" } as const;
  const row = { input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) };
  const said = tf.tidy(() => [...tokenLogProbs(model, null, tokenBatch([[row]], 0)).dataSync()]);
  const apart = packed[method].logProbs.map((value, t) => Math.abs(value - said[t]!));
  expect(Math.max(...apart)).toBeLessThan(within[method]);
});

test("a folder is told by its parameters as they were before they were packed", async () => {
  const { parameters, form } = await lookAtModel(packedFolder("gptq"));
  expect([form, parameters]).toEqual(["folder", 512 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 64]);
});

test.each([
  ["three bits", { quant_method: "gptq", bits: 3 }],
  ["AWQ's other layouts", { quant_method: "awq", bits: 4, version: "gemv" }],
  ["other methods", { quant_method: "hqq" }],
])("%s are refused by the field's name", async (_, quantization_config) => {
  await expect(readModel(packedFolder("gptq", { "config.json": { quantization_config } }))).rejects.toThrow(
    /quantization_config/,
  );
});
