// bitsandbytes 0.50.2 on 200 matrices of ragged shapes (data/golden/make-four-bit.py).
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { signedMap } from "../dynamic-map";
import { dequantise, levels, quantise } from "./quantise";
import type { NestedScales } from "./scales";

interface Golden {
  codes: string;
  scales: string;
  values: string;
  double: { codes: string; scales: string; offset: number; values: string };
  whole?: { codes: number[]; scales: number[]; double: number[] };
}
const golden = JSON.parse(readFileSync("data/golden/four-bit.json", "utf8")) as {
  levels: Record<"nf4" | "fp4", number[]>;
  dynamicMap: number[];
  cases: ({ shape: [number, number] } & Record<"nf4" | "fp4", Golden>)[];
};

const kinds = ["plain", "bfloat16", "outliers", "empty blocks", "all alike"] as const;

/** The maker's numbers. */
function matrix(number: number, [rows, columns]: [number, number]): Float32Array {
  const kind = kinds[number % kinds.length]!;
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    let x = (Math.imul(i, 2654435761) + number * 40503) >>> 0;
    for (const [shift, factor] of [
      [15, 2246822519],
      [13, 3266489917],
    ] as const)
      x = Math.imul(x ^ (x >>> shift), factor) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    const parts = (x & 255) + ((x >>> 8) & 255) + ((x >>> 16) & 255) + (x >>> 24) - 510;
    const value = parts * 2 ** -(9 + (number % 12)) * (1 + (Math.floor(i / columns) % 5));
    if (kind === "outliers" && i % 97 === 0) return 32 * value;
    if (kind === "empty blocks" && Math.floor(i / 64) % 3 === 1) return 0;
    return kind === "all alike" ? 0.75 : value;
  });
  return kind === "bfloat16" ? values.map(nearestBfloat16) : values;
}
function nearestBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0]! + 0x7fff + ((bits[0]! >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}
const digest = (array: Uint8Array | Float32Array) =>
  createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex")
    .slice(0, 16);

test("the numbers behind the codes", () => {
  expect([...levels.nf4]).toEqual(golden.levels.nf4);
  expect([...levels.fp4]).toEqual(golden.levels.fp4);
  expect([...signedMap]).toEqual(golden.dynamicMap);
});

test.each(["nf4", "fp4"] as const)("%s: codes, scales and numbers of 200 matrices", (type) => {
  expect(golden.cases.length).toBe(200);
  for (const [number, { shape, [type]: expected }] of golden.cases.entries()) {
    const made = quantise(matrix(number, shape), type);
    if (expected.whole) {
      expect([...(made.scales as Float32Array)], `${number}`).toEqual(expected.whole.scales);
      expect([...made.codes], `${number}`).toEqual(expected.whole.codes);
    }
    const found = { codes: digest(made.codes), scales: digest(made.scales as Float32Array) };
    expect(found, `${number}`).toEqual({ codes: expected.codes, scales: expected.scales });
    expect(digest(dequantise(made, type).map((value) => value + 0)), `${number}`).toBe(expected.values); // −0 is 0
  }
});

test.each(["nf4", "fp4"] as const)("%s: the scales of 200 matrices quantised themselves", (type) => {
  for (const [number, { shape, [type]: expected }] of golden.cases.entries()) {
    const made = quantise(matrix(number, shape), `${type}-double`);
    const { codes, scales, offset } = made.scales as NestedScales;
    if (expected.whole) expect([...codes], `${number}`).toEqual(expected.whole.double);
    const values = digest(dequantise(made, `${type}-double`).map((value) => value + 0));
    const found = { codes: digest(codes), scales: digest(scales), offset, values };
    expect(found, `${number}`).toEqual(expected.double);
  }
});
