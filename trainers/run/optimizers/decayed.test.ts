// Which weights of each family decay, against Transformers' trainer (data/golden/make-undecayed.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseModelConfig, weightShapes } from "../../models/families";
import { decays } from "./decayed";

const jsonOf = (file: string) => JSON.parse(readFileSync(`data/golden/${file}.json`, "utf8"));
const undecayed = jsonOf("undecayed") as Record<string, string[]>;

test.each(Object.entries(undecayed))("%s: norms and biases keep their size", (family, wanted) => {
  const names = Object.keys(weightShapes(parseModelConfig(jsonOf(`families/${family}`).config)));
  expect(names.filter((name) => !decays(name)).sort()).toEqual(wanted);
  expect(names.filter(decays).length).toBeGreaterThan(2);
});

test.each([
  ["base_model.model.model.layers.0.mlp.up_proj.lora_A.weight", true],
  ["base_model.model.model.layers.0.mlp.up_proj.lora_magnitude_vector.weight", true],
  ["base_model.model.model.norm.weight", false], // trained whole beside a LoRA
  ["value.score.weight", true],
  ["value.model.norm.weight", false],
])("%s decays: %s", (name, wanted) => expect(decays(name)).toBe(wanted));
