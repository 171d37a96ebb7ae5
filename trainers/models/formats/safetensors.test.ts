import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { float16ToNumber } from "./float16";
import { readSafetensors, writeSafetensors } from "./safetensors";

const file = () => join(mkdtempSync(join(tmpdir(), "workbench-test-")), "x.safetensors");

test("what is written is read back, with shapes", () => {
  const path = file();
  const tensors = new Map([
    ["a", { shape: [2, 3], data: Float32Array.from([1, -2, 3.5, 0, 1e-30, -1e30]) }],
    ["b.c", { shape: [1], data: Float32Array.of(7) }],
  ]);
  writeSafetensors(path, tensors);
  expect(readSafetensors(path)).toEqual(tensors);
});

test("refuses a header longer than the file, and offsets beyond it, naming the file", () => {
  const path = file();
  writeFileSync(path, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0, 123]));
  expect(() => readSafetensors(path)).toThrow(path);
  writeSafetensors(path, new Map([["a", { shape: [4], data: new Float32Array(4) }]]));
  writeFileSync(path, readFileSync(path).subarray(0, -4));
  expect(() => readSafetensors(path)).toThrow(/tensor a of shape \[4\] claims bytes/);
});

test("float16: one, the smallest subnormal, minus two, infinity", () => {
  expect([0x3c00, 0x0001, 0xc000, 0x7c00].map(float16ToNumber)).toEqual([1, 2 ** -24, -2, Number.POSITIVE_INFINITY]);
});

/** A file of two tensors whose header says `entries`, with `bytes` bytes behind it. */
function written(entries: string, bytes: number): string {
  const path = file();
  const head = Buffer.from(entries);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  writeFileSync(path, Buffer.concat([length, head, Buffer.alloc(bytes)]));
  return path;
}
const entry = (name: string, from: number, to: number, dtype = "F32") =>
  `"${name}":{"dtype":"${dtype}","shape":[${(to - from) / 4}],"data_offsets":[${from},${to}]}`;

test.each([
  ["a gap", `{${entry("a", 0, 8)},${entry("b", 12, 16)}}`, 16, /tensor b begins at byte 12, .* ends at 8/],
  ["a gap at the start", `{${entry("a", 4, 8)}}`, 8, /tensor a begins at byte 4, .* ends at 0/],
  ["an overlap", `{${entry("a", 0, 8)},${entry("b", 4, 12)}}`, 12, /tensor b begins at byte 4, .* ends at 8/],
  ["bytes behind the last", `{${entry("a", 0, 8)}}`, 12, /tensors end at byte 8 of 12/],
  ["a name twice", `{${entry("a", 0, 8)},${entry("a", 0, 8)}}`, 8, /named twice/],
  [
    "a name twice beside metadata",
    `{"__metadata__":{"x\\":{":"{"},${entry("a", 0, 8)},${entry("a", 0, 8)}}`,
    8,
    /twice/,
  ],
  ["another type", `{${entry("a", 0, 8, "I64")}}`, 8, /tensor a has type I64; F32, F16 and BF16 are read/],
])("F8: a safetensors file with %s is refused, as by the format's own reader", (_, entries, bytes, message) => {
  const path = written(entries, bytes);
  expect(() => readSafetensors(path)).toThrow(message);
  expect(() => readSafetensors(path)).toThrow(path);
});

test("F8: a safetensors file is read in whatever order its header names the tensors", () => {
  const path = written(`{"__metadata__":{"format":"pt"},${entry("b", 8, 12)},${entry("a", 0, 8)}}`, 12);
  expect([...readSafetensors(path).keys()]).toEqual(["b", "a"]);
});
