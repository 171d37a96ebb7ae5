// Expected values: the `gguf` package of PyPI by data/golden/make-gguf-blocks.py, llama.cpp's own quantiser by make-gguf-k-blocks.py (versions in the files).
import { copyFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GGMLQuantizationType } from "@huggingface/gguf";
import { describe, expect, test } from "vitest";
import { modelPath } from "../../../common/model-paths";
import type { GgufType } from "../../../spec/export-types";
import { readGguf } from "./gguf";
import { dequantise } from "./gguf-blocks";
import { blockType } from "./gguf-mixtures";
import { type BlockType, quantise } from "./gguf-quantise";

const golden = JSON.parse(readFileSync("data/golden/gguf-blocks.json", "utf8")) as {
  types: Record<string, { bytes: string; values: number[] }>;
  quantised: { values: number[]; types: Partial<Record<BlockType, string>> };
};
const wide = JSON.parse(readFileSync("data/golden/gguf-k-blocks.json", "utf8")) as {
  rows: string[];
  values: string;
  types: Record<"Q4_K" | "Q5_K" | "Q6_K", { bytes: string; read: string }>;
  mixtures: { layers: number; hidden: number; tied: boolean; type: GgufType; tensors: Record<string, BlockType> }[];
};
const floats = (text: string) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);

test.each(Object.keys(golden.types))("dequantises %s as ggml does", (name) => {
  const { bytes, values } = golden.types[name]!;
  const type = GGMLQuantizationType[name as keyof typeof GGMLQuantizationType] as GGMLQuantizationType;
  const ours = dequantise(type, new Uint8Array(Buffer.from(bytes, "base64")), values.length);
  for (const [i, value] of values.entries())
    expect(Math.abs(ours[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
});

test.each(Object.entries(golden.quantised.types))("makes the bytes of %s that ggml makes", (type, bytes) => {
  const made = quantise(type as BlockType, Float32Array.from(golden.quantised.values));
  expect(Buffer.from(made).toString("base64")).toBe(bytes);
});

describe.each(Object.entries(wide.types))("%s", (name, { bytes, read }) => {
  const type = name as keyof typeof wide.types;
  const [values, expected] = [floats(wide.values), Buffer.from(bytes, "base64")];
  const size = expected.length / wide.rows.length;

  test.each(wide.rows.map((row, i) => [row, i] as const))("of %s has the bytes that llama.cpp makes", (_, i) => {
    const made = quantise(type, values.subarray(256 * i, 256 * (i + 1)));
    expect([...made]).toEqual([...expected.subarray(size * i, size * (i + 1))]);
  });

  test("is read as the gguf package reads it", () => {
    const ours = dequantise(GGMLQuantizationType[type], quantise(type, values), values.length);
    for (const [i, value] of floats(read).entries())
      expect(Math.abs(ours[i]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1e-6, Math.abs(value)));
  });
});

test.each(wide.mixtures)(
  "a file of $layers layers of $hidden in $type, tied: $tied, has llama.cpp's types",
  ({ tensors, type, ...model }) => {
    for (const [name, expected] of Object.entries(tensors)) {
      const { blocks, fits } = blockType(type, name, [1, model.hidden], { ...model, experts: 0 });
      expect(blocks, name).toBe(expected);
      expect(fits, name).toBe(model.hidden % 256 === 0);
    }
  },
);

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

test("a GGUF file whose download was cut off is refused when it is opened, with both sizes; one that is cut while it is read, at the tensor", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "workbench-test-")), "model.gguf");
  copyFileSync(modelPath("smollm2-135m-instruct"), path);
  const { size } = statSync(path);
  const { weights } = await readGguf(path);
  truncateSync(path, size / 2);
  await expect(readGguf(path)).rejects.toThrow(`${path} has ${size / 2} bytes, and its tensors end at byte ${size}`);
  expect(() => weights.get("model.norm.weight")).toThrow(
    /Cannot read output_norm\.weight of .*: it ends \d+ bytes early/,
  );
});
