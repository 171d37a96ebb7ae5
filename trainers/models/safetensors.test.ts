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
