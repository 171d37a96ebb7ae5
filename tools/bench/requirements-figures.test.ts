import { expect, test } from "vitest";
import { needsOf, wellKnown } from "./requirements-figures";

// As the Hub's pages of the models have them (model.safetensors.index.json, safetensors metadata).
test.each([
  ["SmolLM2 135M", 134_515_008],
  ["Llama 3.1 8B", 8_030_261_248],
  ["Llama 3.1 70B", 70_553_706_496],
  ["Llama 3.1 405B", 405_853_388_800],
])("%s has %d parameters", (name, parameters) => {
  expect(needsOf(wellKnown.find(([known]) => known === name)![1]).parameters).toBe(parameters);
});
