// A model in 8 bits, sampled by the ops of native/ and by the plain code.
import { afterEach, expect, test, vi } from "vitest";
import type { GenerateConfig } from "../../spec/config";
import { scratch } from "../../test/program";
import { writeModel } from "../adapters/merge";
import { isInt8 } from "../engine/int8/codes";
import { distance, modelOf } from "../evaluation/distance";
import { readModel } from "../models/load";
import { tokenBatch } from "./batches";
import { loadBase, readPolicy } from "./frozen-policy";
import { createSampler } from "./sampling";

afterEach(() => void vi.unstubAllEnvs());
const inInt8: GenerateConfig["model"] = { source: "tiny", dtype: "float32", quantisation: "int8", unquantised: [] };
const subjects = ["The Quiet River", "A Winter Bridge", "The Last Island", "Under Glass"];

test("greedy answers are those of the plain code over the same codes", async () => {
  const { model, tokenizer } = await loadBase(inInt8, []);
  const asked = subjects.map((film) => tokenizer.conversation([{ role: "user", content: `Review ${film}.` }], true));
  const answers = (ops: "on" | "off") => {
    vi.stubEnv("WORKBENCH_NATIVE", ops);
    const options = { maxNewTokens: 24, temperature: 0, ends: tokenizer.ends, pad: tokenizer.pad, streams: subjects };
    return createSampler(model, null)(asked, options).map(({ ids }) => ids);
  };
  expect(answers("on")).toEqual(answers("off"));
});

test("next-token distributions are near those in float32, and not the same", async () => {
  const files = await readModel("tiny");
  const rows = subjects.map((film) => {
    const input_ids = files.tokenizer.encode(`${film} is a film that I would see again, for its quiet end.`);
    return [{ input_ids, completion_mask: input_ids.map((_, t) => Math.min(t, 1)) }];
  });
  const { kl } = distance(modelOf(files), modelOf(files, "int8"), tokenBatch(rows, files.tokenizer.pad));
  expect(kl.mean).toBeGreaterThan(1e-8);
  expect(kl.mean).toBeLessThan(1e-3);
});

test("a model whose every weight was trained is held beside such a base as that is", async () => {
  const folder = scratch();
  writeModel(folder, await readModel("tiny"), "float32");
  const { model } = await loadBase(inInt8, [folder]);
  const policy = await readPolicy(folder, model);
  expect(isInt8(policy.model.weights.head)).toBe(true);
});
