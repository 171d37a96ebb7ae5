// Expected values: the `gguf` package of PyPI (version in the file), by data/golden/make-gguf-blocks.py.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GGMLQuantizationType } from "@huggingface/gguf";
import { expect, test } from "vitest";
import { type GgufType, ggufTypeNames } from "../../../spec/export-types";
import { readGguf } from "./gguf";
import { dequantise } from "./gguf-blocks";
import { quantise } from "./gguf-quantise";

const golden = JSON.parse(readFileSync("data/golden/gguf-blocks.json", "utf8")) as {
  types: Record<string, { bytes: string; values: number[] }>;
  quantised: { values: number[]; types: Record<GgufType, string> };
};

test.each(Object.keys(golden.types))("dequantises %s as ggml does", (name) => {
  const { bytes, values } = golden.types[name]!;
  const type = GGMLQuantizationType[name as keyof typeof GGMLQuantizationType] as GGMLQuantizationType;
  const ours = dequantise(type, new Uint8Array(Buffer.from(bytes, "base64")), values.length);
  for (const [i, value] of values.entries())
    expect(Math.abs(ours[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
});

test.each(ggufTypeNames)("makes the bytes of %s that ggml makes", (type) => {
  const { values, types } = golden.quantised;
  expect(Buffer.from(quantise(type, Float32Array.from(values))).toString("base64")).toBe(types[type]);
});

test("names a quantisation it does not know", () => {
  expect(() => dequantise(GGMLQuantizationType.IQ1_S, new Uint8Array(50), 256)).toThrow(
    /IQ1_S is not supported; use F32/,
  );
});

test("a damaged GGUF file is refused by its name", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "model.gguf");
  const header = Buffer.alloc(64, 0xff); // one tensor, one entry of metadata, whose name claims 2^64 − 1 bytes
  header.write("GGUF");
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(1n, 8);
  header.writeBigUInt64LE(1n, 16);
  writeFileSync(path, header);
  await expect(readGguf(path)).rejects.toThrow(`Cannot read ${path}: String length`);
});
