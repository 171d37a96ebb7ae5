// The native pass against the plain one: every option of the family, adapters, ragged prompts, prompts and single tokens, both precisions.
import { expect, test } from "vitest";
import { createRandom } from "../../../common/random";
import type { LoraOptions } from "../../../spec/adapters/lora";
import { mean } from "../../../spec/statistics";
import { config, families, frozen, hostWeights, lora } from "../../../test/toy-llama";
import type { Adapter } from "../../engine/adapter";
import { tf } from "../../engine/tensorflow";
import { type CachedRow, emptyRow, pagesFor, pagesOf } from "../../inference/pages";
import { causal } from "../../inference/segments";
import type { Model } from "../model";
import { nativeScores as scoresOf } from "../native-model";
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
  const cache = native.cache(rows.length * pagesFor(P + steps));
  const pages = pagesOf(cache);
  const cached = rows.map(emptyRow);
  const scores = tf.tidy(() => {
    const read = (ids: number[][], places: number[]) =>
      native.lastHidden(cache, {
        ids: tf.tensor2d(ids, undefined, "int32"),
        pages: cached.map((row) => row.pages),
        places,
      });
    for (const [i, { length }] of prompts.entries()) pages.extend([cached[i]!], length);
    const padded = prompts.map((ids) => [...Array<number>(P - ids.length).fill(0), ...ids]);
    let hidden = read(
      padded,
      prompts.map(({ length }) => length - P),
    );
    for (let step = 0; step < steps; step++) {
      pages.extend(cached, 1);
      hidden = read(
        rows.map((row) => [row[row.length - steps + step]!]),
        cached.map(({ length }) => length - 1),
      );
    }
    return scoresOf(hidden, model.weights.head).arraySync();
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

test.each(families)(
  "in 8 bits they are those of the plain pass over the same codes, whose roundings may fall otherwise: %s",
  (_, overrides) => {
    const [model, exact] = [frozen(overrides, "float32", "int8"), frozen(overrides)];
    const rows = rowsOf([9, 5, 21]);
    const adapter = lora(model, { rank: 3, targets: "all-linear" });
    for (const own of [null, adapter]) {
      const plain = rows.map((ids) => plainScores(model, own, ids));
      const apart = nativeScores(model, own, rows, 2).map((scores, i) => mean(distances(scores, plain[i]!)));
      const rounded = rows.map((ids, i) => mean(distances(plainScores(exact, own, ids), plain[i]!)));
      expect(apart.filter((distance) => distance > 1e-5).length).toBeLessThanOrEqual(1);
      expect(Math.max(...apart)).toBeLessThan(2 * mean(rounded)); // one that falls otherwise moves less than all do together
    }
  },
);

test("the same where every weight is trained", () => {
  const { weights } = trainableWeights(config({}), hostWeights({}), "float32");
  expectClose({ config: config({}), weights, recompute: "none" }, null, rowsOf([7, 3]), 1);
});

test.each([null, "int8"] as const)(
  "a row's bits depend neither on the batch's size, from 1 to 33, nor on padding: %s",
  (quantisation) => {
    const model = frozen({ model_type: "qwen2" }, "float32", quantisation);
    const rows = rowsOf(Array.from({ length: 33 }, (_, i) => 3 + ((7 * i) % 19)));
    const whole = nativeScores(model, null, rows, 1);
    for (const size of [1, 2, 7, 8, 9, 16])
      nativeScores(model, null, rows.slice(0, size), 1).forEach((scores, i) => {
        expect(scores).toEqual(whole[i]);
      });
  },
);

test("rows of one cache at places of their own, a prompt in parts, and rows that begin as another does: the same bits", () => {
  const model = frozen({ model_type: "qwen2" });
  const [first, second] = rowsOf([41, 6]) as [number[], number[]];
  const begins = [...first.slice(0, 20), ...second.slice(0, 2)]; // within the second page
  const follows = [...first.slice(0, 40), second[0]!]; // to the end of what is there
  const native = llamaNative(model, null)!;
  const cache = native.cache(9);
  const pages = pagesOf(cache);
  const read = (row: CachedRow, ids: number[]) => {
    const at = row.length;
    pages.extend([row], ids.length);
    native.lastHidden(cache, { ids: tf.tensor2d([ids], undefined, "int32"), pages: [row.pages], places: [at] });
  };
  const rows = [emptyRow(), emptyRow()] as [CachedRow, CachedRow];
  const scores = tf.tidy(() => {
    read(rows[0], first.slice(0, 4));
    read(rows[0], first.slice(4, 40));
    read(rows[1], second.slice(0, 5));
    const all = [...rows, pages.fork(rows[0], 20), pages.fork(rows[0])];
    read(all[2]!, begins.slice(20, 21));
    pages.extend(all, 1);
    const last = native.lastHidden(cache, {
      ids: tf.tensor2d([[first[40]!], [second[5]!], [begins[21]!], [follows[40]!]], undefined, "int32"),
      pages: all.map((row) => row.pages),
      places: [40, 5, 21, 40],
    });
    return scoresOf(last, model.weights.head).arraySync();
  }) as unknown as number[][];
  tf.dispose(cache);
  native.free();
  [first, second, begins, follows].forEach((ids, i) => {
    expect(scores[i], `row ${i}`).toEqual([...nativeScores(model, null, [ids], 1)[0]!]);
  });
});

test("hidden states of all tokens end with those of the last", () => {
  const model = frozen({});
  const native = llamaNative(model, null)!;
  const ids = tf.tensor2d(rowsOf([5, 5]), undefined, "int32");
  const tokens = { ids, pages: [[1], [0]], places: [0, 0] };
  const cache = native.cache(2);
  const all = native.allHidden(cache, tokens).arraySync();
  expect(all.length).toBe(10);
  expect([all[4], all[9]]).toEqual(native.lastHidden(cache, tokens).arraySync());
  native.free();
});

test.each([
  ["a page that is not there", { pages: [[2]], places: [0] }, "page 2 is none of 2"],
  ["fewer pages than tokens", { pages: [[0]], places: [14] }, "place 18 do not fit 1 pages"],
  ["tokens that are all before the row", { pages: [[0]], places: [-5] }, "place -1 do not fit"],
])("%s is refused", (_, at, says) => {
  const native = llamaNative(frozen({}), null)!;
  const ids = tf.tensor2d(rowsOf([4]), undefined, "int32");
  expect(() => native.lastHidden(native.cache(2), { ids, ...at })).toThrow(says);
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
