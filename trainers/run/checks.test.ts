import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runConfig } from "../../spec/config";
import { createAdapter } from "../adapters/kinds";
import { tf } from "../engine/tensorflow";
import { parseModelConfig } from "../models/families";
import { checkFreshAdapter, checkMasks, checkPadding, checkReference, checkStart } from "./checks";

const config = (dpo: object) =>
  runConfig.parse({ method: "dpo", model: { source: "tiny" }, data: { train: "x" }, output: "x", dpo });
const row = (mask: number[]) => ({ input_ids: mask.map((_, i) => i + 3), completion_mask: mask });

test("a row without a token to learn from stops the run, by its number", () => {
  const good = [row([0, 1, 1]), row([0, 0, 1])];
  expect(checkMasks([good]).detail).toContain("each of 1 rows");
  expect(() => checkMasks([good, [row([0, 1]), row([0, 0])]])).toThrow("row 2 has no token");
  expect(() => checkMasks([[row([1, 0])]])).toThrow("row 1"); // nothing comes before a row's first token
});

test("a metric that padding changes stops the run, by its name", () => {
  const measured = (...values: number[]) => ({ names: ["entropy"], values: tf.tensor1d(values) });
  expect(checkPadding(measured(0.7, 3, 2, 5), measured(0.7, 3, 2, 5), null).detail).toContain("2 metrics");
  expect(() => checkPadding(measured(0.7, 3, 2, 5), measured(0.8, 3, 2, 5), null)).toThrow("loss is 0.8");
  expect(() => checkPadding(measured(0.7, 3, 2, 5), measured(0.7, 3, 2.5, 5), null)).toThrow("entropy (count)");
  expect(checkPadding(measured(0.7, 3, 2, 5), measured(0.7001, 4, 2, 5), 1e-3).detail).toContain("the loss of a batch");
  expect(() => checkPadding(measured(0.7, 3, 2, 5), measured(0.702, 3, 2, 5), 1e-3)).toThrow("loss is 0.702");
});

test("LoRA's A has no gradient while B is 0", () => {
  const model = parseModelConfig(JSON.parse(readFileSync("data/tiny/config.json", "utf8")));
  const { adapter: options } = config({});
  const adapter = createAdapter(model, options!, 0);
  const gradients = Object.fromEntries([...adapter.weights].map(([name, tensor]) => [name, tf.zerosLike(tensor)]));
  const [a, b] = ["A", "B"].map((part) => `model.layers.0.self_attn.q_proj.lora_${part}.weight`) as [string, string];
  const critic = { [`value.${a}`]: tf.scalar(1) }; // may start anywhere
  expect(checkFreshAdapter(adapter, { ...gradients, ...critic, [b]: tf.scalar(0.3) })).toMatchObject({
    name: "adapter",
    detail: `the first gradient of ${a} and 27 more is exactly 0`,
  });
  expect(() => checkFreshAdapter(adapter, { ...gradients, [a]: tf.scalar(-1e-9) })).toThrow(`${a} should be 0`);
});

test.each([
  ["sigmoid", { loss: "sigmoid" }, Math.log(2)],
  ["ipo", { loss: "ipo", beta: 0.5 }, 1], // (0 − 1/(2β))²
  ["hinge", { loss: "hinge" }, 1],
  ["apo_zero", { loss: "apo_zero" }, 1], // 1 − σ(0) + σ(0)
  ["two", { loss: ["sigmoid", "hinge"], lossWeights: [2, 0.5] }, 2 * Math.log(2) + 0.5],
])("where policy and reference are one, %s has the loss of a margin of 0", (_, options, loss) => {
  const zero = { "rewards/chosen": 0, "rewards/rejected": 0 };
  expect(checkStart(config(options), { loss, ...zero }).detail).toContain(loss.toFixed(6));
  expect(() => checkStart(config(options), { loss: loss + 0.02, ...zero })).toThrow("the loss should be");
  expect(() => checkStart(config(options), { loss, ...zero, "rewards/chosen": 0.02 })).toThrow("rewards should be 0");
});

test("a reference that scores rows differently stops the run", () => {
  const scorer = (difference: number, rows = 8) => ({
    tokenLogProbs: () => tf.zeros<tf.Rank.R2>([1, 1]),
    spotCheck: () => ({ rows, difference }),
  });
  expect(checkReference(scorer(1e-6), [], "float32")?.name).toBe("reference");
  expect(checkReference(scorer(0, 0), [], "float32")).toBeNull();
  expect(() => checkReference(scorer(0.01), [], "float32")).toThrow("reference changed");
});
