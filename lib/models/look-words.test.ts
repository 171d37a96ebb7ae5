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
