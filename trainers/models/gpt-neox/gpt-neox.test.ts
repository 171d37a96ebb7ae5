// What of GPT-NeoX families.test.ts does not show: older files, what is refused, and rows of different lengths in one batch.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { familyWeights, greedilyOf } from "../../../test/family-models";
import { parseModelConfig, weightShapes } from "../families";
import { checkTensors } from "../formats/weight-files";
import { frozenWeights } from "../weights";

const {
  config: json,
  prompt,
  greedy,
} = JSON.parse(readFileSync("data/golden/families/gpt-neox.json", "utf8")) as {
  config: Record<string, unknown>;
  prompt: number[];
  greedy: number[];
};

test.each([
  ["activation", { hidden_act: "quick_gelu" }, /hidden_act "quick_gelu"; supported are silu/],
  ["scaling", { rope_parameters: { rope_type: "spiral", factor: 2 } }, /RoPE scaling "spiral"/],
  ["field", { attention_kind: "flash" }, /attention_kind "flash" is not known here/],
  ["number of key heads", { num_key_value_heads: 1 }, /2 query and 1 key heads/],
])("an unknown %s is refused by name", (_, change, message) => {
  expect(() => parseModelConfig({ ...json, ...change })).toThrow(message);
});

test("a config.json from before Transformers 5 says positions in its own names", () => {
  const { rope_parameters: _, ...rest } = json;
  const old = parseModelConfig({ ...rest, rotary_pct: 0.5, rotary_emb_base: 5000 });
  expect([old.rotaryDims, old.ropeTheta]).toEqual([8, 5000]); // half of heads of 16
});

test("causal masks, which Pythia's files hold, are passed over; other tensors are named", () => {
  const config = parseModelConfig(json);
  const shapes = new Map(Object.entries(weightShapes(config)));
  for (const mask of ["bias", "masked_bias"]) shapes.set(`gpt_neox.layers.0.attention.${mask}`, [1]);
  const weights = { shapes, get: () => undefined };
  expect(() => checkTensors(config, weights, "folder")).not.toThrow();
  shapes.set("gpt_neox.layers.0.attention.gate", [1]);
  expect(() => checkTensors(config, weights, "folder")).toThrow(
    /no place for, the first gpt_neox\.layers\.0\.attention\.gate/,
  );
});

test("prompts of two lengths in one batch are continued as each alone", () => {
  const config = parseModelConfig(json);
  const model = { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute: "none" as const };
  const written = greedilyOf(model);
  const short = prompt.slice(-7);
  expect(written([prompt, short])).toEqual([greedy, written([short])[0]]);
});
