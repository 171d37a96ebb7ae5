import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseModelConfig } from "../models/families";
import { readModel } from "../models/load";
import { groupFor } from "./group";

const configOf = (family: string) =>
  parseModelConfig(JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config);

const { config: tiny } = await readModel("tiny"); // 160 wide, 80 for keys and values, 448 within the MLP
const wide = { ...tiny, hiddenSize: 576, heads: 9, kvHeads: 3, headDim: 64, intermediateSize: 1536 }; // SmolLM2-135M

test("groups are the most of 128, 64 and 32 inputs that divide every layer's, or those that are asked for", () => {
  expect(groupFor(tiny, "gptq", 4)).toBe(32);
  expect(groupFor(wide, "awq", 4)).toBe(64);
  expect(groupFor({ ...wide, hiddenSize: 512, heads: 8, kvHeads: 8 }, "gptq", 8)).toBe(128);
  expect(groupFor(wide, "gptq", 4, 32)).toBe(32);
});

test.each([
  ["gptq", 64, tiny, "groups of 64 inputs do not divide the 160 of self_attn.q_proj; use --group 32, or leave it out"],
  ["gptq", undefined, { ...tiny, intermediateSize: 440 }, /groups of 32 inputs do not divide the 440 of mlp.down_proj/],
  ["awq", undefined, tiny, "--by awq packs layers of a multiple of 64 outputs, and self_attn.q_proj has 160"],
  ["gptq", undefined, { ...tiny, intermediateSize: 452 }, /a multiple of 8 outputs, and mlp.gate_proj has 452/],
] as const)("what %s cannot pack is refused with the layer and both numbers", (by, asked, config, sentence) => {
  expect(() => groupFor(config, by, 4, asked)).toThrow(sentence);
});

test.each([
  ["gpt2", "GPT-2 cannot be packed"],
  ["gpt-neox", "GPT-NeoX cannot be packed"],
  ["phi3", "Phi-3 cannot be packed"],
  ["mamba", "a state-space model cannot be packed"],
  ["mixtral", "a mixture of experts cannot be packed"],
])("%s is refused, with what can be done instead", (family, sentence) => {
  expect(() => groupFor(configOf(family), "gptq", 4)).toThrow(`${sentence} here; workbench export-gguf`);
});
