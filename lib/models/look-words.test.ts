import { expect, test } from "vitest";
import { lookWords } from "./look-words";

test("a mixture of experts is told with the parameters that a token meets", () => {
  const look = { form: "folder", family: "olmoe", layers: 16, context: 4096, template: true, scores: false } as const;
  expect(lookWords({ ...look, parameters: 6.919e9, active: 1.282e9 })).toBe(
    "olmoe, 6.92 B parameters (1.28 B active), 16 layers; 4,096 tokens of context",
  );
});

test("a pruned model is told with its share of zeros", () => {
  const look = { form: "folder", family: "llama", layers: 3, context: null, template: true, scores: false } as const;
  expect(lookWords({ ...look, parameters: 2e6, sparsity: 0.5 })).toBe(
    "llama, 2 M parameters, 3 layers; pruned, 50 % of its layers' weights are 0",
  );
});

test("a packed model is told with its size and how far packing moved it", () => {
  const look = { form: "folder", family: "llama", layers: 30, context: null, template: true, scores: false } as const;
  const packed = {
    ...{ by: "gptq" as const, bits: 4, group: 64, rows: { calibrated: 128, measured: 32 } },
    ...{ bytes: { before: 538.06e6, after: 118.2e6 }, perplexity: { before: 12.312, after: 12.9 } },
    sameTop: 0.951,
  };
  const words = (mean: number) =>
    lookWords({ ...look, parameters: 134.5e6, packed: { ...packed, kl: { mean, se: 0 } } });
  expect(words(2.24e-6)).toContain("KL 0.00000224 nats a token"); // tiny in 4 bits
  expect(words(0.02134)).toBe(
    "llama, 134.5 M parameters, 30 layers; packed by GPTQ in 4 bits, a scale for each 64 inputs, 538.1 to 118.2 MB, perplexity 12.31 to 12.9, KL 0.0213 nats a token, same next token 95.1 %",
  );
});
