// The native pass against the plain one: every option of the family, adapters, ragged prompts, prompts and single tokens, both precisions.
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import type { LoraOptions } from "../../../spec/adapters/lora";
import { config, families, frozen, hostWeights, lora } from "../../../test/toy-llama";
import type { Adapter } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import { causal } from "../../inference/segments";
import type { Model } from "../model";
import { copyRow, nativeProduct } from "../native-model";
import { logits, transformer } from "../transformer";
import { trainableWeights } from "../weights";
import { llamaNative } from "./native";

const random = createRandom("rows");
const rowsOf = (lengths: number[]) => lengths.map((length) => Array.from({ length }, () => Math.floor(97 * random())));

/** Scores of the next token, by a plain pass over the row alone. */
const plainScores = (model: Model, adapter: Adapter | null, ids: number[]): Float32Array =>
  tf.tidy(() => {
    const [row, at] = [ids, ids.map((_, i) => i)].map((x) => tf.tensor2d([x], [1, ids.length], "int32"));
    const hidden = transformer(model, adapter, { ids: row!, positions: at! }, causal(model.config));
    return logits(model, adapter, hidden.slice([ids.length - 1, 0], [1, -1])).dataSync<"float32">();
  }) as unknown as Float32Array;

/** The same by the op: all but the last `steps` tokens of each row as left-padded prompts, then those one by one. */
function nativeScores(model: Model, adapter: Adapter | null, rows: number[][], steps: number): Float32Array[] {
  const native = llamaNative(model, adapter)!;
  const prompts = rows.map((ids) => ids.slice(0, ids.length - steps));
  const P = Math.max(...prompts.map(({ length }) => length));
  const cache = native.cache(rows.length, P + steps);
  const scores = tf.tidy(() => {
    const padding = tf.tensor1d(
      prompts.map(({ length }) => P - length),
      "int32",
    );
    const padded = prompts.map((ids) => [...Array<number>(P - ids.length).fill(0), ...ids]);
    const order = rows.map((_, row) => row);
    const at = (ids: number[][], column: number) => ({
      ids: tf.tensor2d(ids, undefined, "int32"),
      padding,
      rows: order,
      columns: rows.map(() => column),
    });
    let hidden = native.lastHidden(cache, at(padded, 0));
    for (let step = 0; step < steps; step++) {
      const ids = rows.map((row) => [row[row.length - steps + step]!]);
      hidden = native.lastHidden(cache, at(ids, P + step));
    }
    return nativeProduct([hidden, model.weights.head], {})[0]!.arraySync() as number[][];
  }) as unknown as number[][];
  tf.dispose(cache);
  native.free();
  return scores.map((row) => Float32Array.from(row));
}

/** Between the log-probabilities that follow from two rows of scores. */
function distances(a: Float32Array, b: Float32Array): number[] {
  const logSum = (scores: Float32Array) => Math.log(scores.reduce((sum, x) => sum + Math.exp(x), 0));
  const shift = logSum(a) - logSum(b);
  return [...a].map((x, i) => Math.abs(x - b[i]! - shift));
}
function expectClose(model: Model, adapter: Adapter | null, rows: number[][], steps: number): void {
  nativeScores(model, adapter, rows, steps).forEach((scores, i) => {
    expect(Math.max(...distances(scores, plainScores(model, adapter, rows[i]!)))).toBeLessThan(1e-5);
  });
}

test.each(families)("log-probabilities are those of the plain pass: %s", (_, overrides) => {
  expectClose(frozen(overrides), null, rowsOf([9, 5, 21]), 2);
});

test.each([
  [1, ["q_proj", "v_proj"]],
  [3, "all-linear"],
  [16, "all-linear"],
  [20, ["k_proj", "o_proj", "up_proj", "down_proj"]],
] as [number, LoraOptions["targets"]][])("the same with LoRA of rank %i on %s", (rank, targets) => {
  const model = frozen({ model_type: "qwen2" });
  expectClose(model, lora(model, { rank, targets }), rowsOf([9, 5, 21]), 2);
});

test("the same where every weight is trained", () => {
  const { weights } = trainableWeights(config({}), hostWeights({}));
  expectClose({ config: config({}), weights, recompute: "none" }, null, rowsOf([7, 3]), 1);
});

test("a row's bits depend neither on the batch's size, from 1 to 33, nor on padding", () => {
  const model = frozen({ model_type: "qwen2" });
  const rows = rowsOf(Array.from({ length: 33 }, (_, i) => 3 + ((7 * i) % 19)));
  const whole = nativeScores(model, null, rows, 1);
  for (const size of [1, 2, 7, 8, 9, 16])
    nativeScores(model, null, rows.slice(0, size), 1).forEach((scores, i) => {
      expect(scores).toEqual(whole[i]);
    });
});

test("rows of one cache at columns of their own, a prompt in parts, and a prefix copied from another row: the same bits", () => {
  const model = frozen({ model_type: "qwen2" });
  const [first, second] = rowsOf([11, 6]) as [number[], number[]];
  const third = [...first.slice(0, 7), ...second.slice(0, 2)];
  const native = llamaNative(model, null)!;
  const cache = native.cache(4, 12);
  const read = (row: number, column: number, ids: number[]) => ({
    ids: tf.tensor2d([ids], undefined, "int32"),
    padding: tf.tensor1d([0], "int32"),
    rows: [row],
    columns: [column],
  });
  const scores = tf.tidy(() => {
    native.lastHidden(cache, read(3, 0, first.slice(0, 4)));
    native.lastHidden(cache, read(3, 4, first.slice(4, 10)));
    native.lastHidden(cache, read(1, 0, second.slice(0, 5)));
    copyRow(cache, 3, 0, 7);
    native.lastHidden(cache, read(0, 7, third.slice(7, 8)));
    const all = native.lastHidden(cache, {
      ids: tf.tensor2d([[first[10]!], [second[5]!], [third[8]!]], undefined, "int32"),
      padding: tf.tensor1d([0, 0, 0], "int32"),
      rows: [3, 1, 0],
      columns: [10, 5, 8],
    });
    return nativeProduct([all, model.weights.head], {})[0]!.arraySync() as number[][];
  }) as unknown as number[][];
  tf.dispose(cache);
  native.free();
  [first, second, third].forEach((ids, i) => {
    expect(scores[i]).toEqual([...nativeScores(model, null, [ids], 1)[0]!]);
  });
});

test("hidden states of all tokens end with those of the last", () => {
  const model = frozen({});
  const native = llamaNative(model, null)!;
  const ids = tf.tensor2d(rowsOf([5, 5]), undefined, "int32");
  const padding = tf.tensor1d([0, 0], "int32");
  const tokens = { ids, padding, rows: [0, 1], columns: [0, 0] };
  const cache = native.cache(2, 5);
  const all = native.allHidden(cache, tokens).arraySync();
  expect(all.length).toBe(10);
  expect([all[4], all[9]]).toEqual(native.lastHidden(cache, tokens).arraySync());
  native.free();
});

test("bfloat16 is at least as near to float32 as the plain pass in bfloat16", () => {
  const [wide, narrow] = [frozen({}), frozen({}, "bfloat16")];
  const adapter = lora(wide, { rank: 4, targets: "all-linear" });
  const rows = rowsOf(Array.from({ length: 8 }, (_, i) => 6 + i));
  const mean = (of: (ids: number[], i: number) => Float32Array) => {
    const all = rows.flatMap((ids, i) => distances(of(ids, i), plainScores(wide, adapter, ids)));
    return all.reduce((a, x) => a + x, 0) / all.length;
  };
  const native = nativeScores(narrow, adapter, rows, 2);
  const ours = mean((_, i) => native[i]!);
  expect(ours).toBeGreaterThan(0);
  expect(ours).toBeLessThan(1.1 * mean((ids) => plainScores(narrow, adapter, ids)));
});

test("frees every tensor it makes", () => {
  const model = frozen({});
  const adapter = lora(model, { rank: 2, targets: "all-linear" });
  const before = tf.memory().numTensors;
  nativeScores(model, adapter, rowsOf([4]), 1);
  expect(tf.memory().numTensors).toBe(before);
});
