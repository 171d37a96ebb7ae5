// Blocks of native/ with their gradients against the plain pass and its tape: every option of the family, adapters, ragged rows.
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import type { LoraOptions } from "../../../spec/adapters/lora";
import { families, frozen, lora } from "../../../test/toy-llama";
import type { Adapter } from "../../engine/adapter";
import { compile } from "../../engine/jit/compile";
import { tf } from "../../engine/tensorflow";
import { type TokenBatch, tokenBatch } from "../../inference/batches";
import { lastStates, sequenceLogProbs, tokenLogProbs } from "../../inference/policy";
import { createReference, memoryCache } from "../../inference/reference";
import type { Model } from "../model";

const random = createRandom("packed rows");
const ids = (count: number) => Array.from({ length: count }, () => Math.floor(97 * random()));
const answered = (prompt: number[], answer: number) => ({
  input_ids: [...prompt, ...ids(answer)],
  completion_mask: [...prompt.map(() => 0), ...Array<number>(answer).fill(1)],
});
/** Prompts with two answers each; some reach past a panel of 48 and past 32 queries. */
const groupsOf = (lengths: number[][]) =>
  lengths.map(([prompt, ...answers]) => {
    const shared = ids(prompt!);
    return answers.map((answer) => answered(shared, answer));
  });
const groups = groupsOf([
  [1, 3, 2],
  [9, 5, 21],
  [60, 70, 4],
]);
/** More tokens than tiles take together. */
const many = groupsOf([
  [100, 90, 80],
  [40, 60, 50],
  [90, 100, 60],
]);

/** log π of the answers, and the gradient of a weighted sum of them to each of the adapter's weights. */
function learn(model: Model, adapter: Adapter | null, batch: TokenBatch) {
  const weights = [...(adapter?.weights ?? [])].map(([name, value]) => [name, tf.variable(value)] as const);
  const trained = adapter && { ...adapter, weights: new Map<string, tf.Tensor>(weights) };
  const of = (batch: TokenBatch) => sequenceLogProbs(model, trained, batch); // [n·B]
  const values = compile((given: TokenBatch) => of(given))(batch).dataSync<"float32">();
  if (!trained) return { values, gradients: new Map<string, Float32Array>() };
  const { grads } = compile((given: TokenBatch) =>
    tf.variableGrads(
      () => of(given).mul(tf.range(1, 7).div(7)).sum().asScalar(),
      weights.map(([, variable]) => variable),
    ),
  )(batch);
  return {
    values,
    gradients: new Map(weights.map(([name, { name: id }]) => [name, grads[id]!.dataSync<"float32">()])),
  };
}
const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
/** ‖a − b‖ / ‖b‖ */
const error = (a: Float32Array, b: Float32Array) => norm(a.map((value, i) => value - b[i]!)) / norm(b);

function expectSame(model: Model, adapter: Adapter | null): void {
  const batch = tokenBatch(groups, 0);
  expect(batch.packed).not.toBeNull();
  const [native, plain] = [learn(model, adapter, batch), learn(model, adapter, { ...batch, packed: null })];
  expect(error(native.values, plain.values)).toBeLessThan(1e-6);
  for (const [name, gradient] of plain.gradients) {
    expect(norm(gradient), name).toBeGreaterThan(0);
    expect(error(native.gradients.get(name)!, gradient), name).toBeLessThan(2e-5);
  }
}

test.each(families)("log-probabilities and gradients are those of the plain pass: %s", (_, overrides) => {
  const model = frozen(overrides);
  expectSame(model, lora(model, { rank: 4, targets: "all-linear" }));
});

test.each([
  [1, ["q_proj", "v_proj"]],
  [9, "all-linear"],
  [16, "all-linear"],
  [20, ["k_proj", "o_proj", "up_proj", "down_proj"]],
] as [number, LoraOptions["targets"]][])("the same with LoRA of rank %i on %s", (rank, targets) => {
  const model = frozen({ model_type: "qwen2" });
  expectSame(model, lora(model, { rank, targets }));
});

test("the same without an adapter, and where blocks are computed again for their gradients", () => {
  const model = frozen({});
  expectSame(model, null);
  expectSame({ ...model, recompute: "block" }, lora(model, { rank: 4, targets: "all-linear" }));
});

test("states at the answers' ends are those of the plain pass", () => {
  const [model, batch] = [frozen({}), tokenBatch(groups, 0)];
  const [native, plain] = [batch, { ...batch, packed: null }].map((given) =>
    lastStates(model, null, given).dataSync<"float32">(),
  );
  expect(error(native!, plain!)).toBeLessThan(1e-6);
});

test.each(["float32", "bfloat16"] as const)(
  "equal policies say the same to the bit: the reference, a row at a time, and the policy, all rows at once: %s",
  (dtype) => {
    const model = frozen({ model_type: "qwen2" }, dtype);
    const adapter = lora(model, { rank: 4, targets: "all-linear" });
    const batch = tokenBatch(groups, 0);
    const reference = createReference({ model, adapter, cache: memoryCache(), pad: 0 }).tokenLogProbs(groups, batch);
    const policy = compile((given: TokenBatch) => tokenLogProbs(model, adapter, given))(batch);
    expect(policy.mul(batch.mask).arraySync()).toEqual(reference.mul(batch.mask).arraySync());
  },
);

test("bfloat16 is at least as near to float32 as the plain pass in bfloat16", () => {
  const [wide, narrow] = [frozen({}), frozen({}, "bfloat16")];
  const adapter = lora(wide, { rank: 4, targets: "all-linear" });
  const batch = tokenBatch(groups, 0);
  const plain = { ...batch, packed: null };
  const [exact, native, other] = [
    learn(wide, adapter, plain),
    learn(narrow, adapter, batch),
    learn(narrow, adapter, plain),
  ];
  expect(error(native.values, exact.values)).toBeLessThan(1.2 * error(other.values, exact.values));
  const mean = (given: typeof exact) => {
    const errors = [...exact.gradients].map(([name, gradient]) => error(given.gradients.get(name)!, gradient));
    return errors.reduce((a, b) => a + b, 0) / errors.length;
  };
  expect(mean(native)).toBeGreaterThan(0);
  expect(mean(native)).toBeLessThan(1.1 * mean(other));
});

// Tiles read 32 terms at once: sizes and ranks that fill them, and that do not. An index gone wrong would be an error of the size of the numbers.
const narrow = 2 ** -8; // what rounding to bfloat16 changes at most
test.each([
  ...families.map(([name, overrides]) => [name, overrides, 4, "all-linear", groups] as const),
  ["LoRA of rank 1", { model_type: "qwen2" }, 1, ["q_proj", "v_proj"], groups] as const,
  ["LoRA of rank 9", { model_type: "qwen2" }, 9, "all-linear", groups] as const,
  ["LoRA of rank 16", { model_type: "qwen2" }, 16, "all-linear", groups] as const,
  ["LoRA of rank 20", { model_type: "qwen2" }, 20, ["k_proj", "o_proj", "up_proj", "down_proj"], groups] as const,
  ["many tokens", { model_type: "qwen2" }, 9, "all-linear", many] as const,
] as [string, object, number, LoraOptions["targets"], typeof groups][])(
  "bfloat16 blocks differ from float32 ones by some roundings: %s",
  (_, overrides, rank, targets, groups) => {
    const [exact, rounded] = [frozen(overrides), frozen(overrides, "bfloat16")];
    const adapter = lora(exact, { rank, targets });
    const batch = tokenBatch(groups, 0);
    const [plain, native] = [learn(exact, adapter, { ...batch, packed: null }), learn(rounded, adapter, batch)];
    expect(error(native.values, plain.values)).toBeLessThan(narrow);
    for (const [name, gradient] of plain.gradients)
      expect(error(native.gradients.get(name)!, gradient), name).toBeLessThan(64 * narrow);
  },
);
