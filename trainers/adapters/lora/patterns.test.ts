// Ranks and alphas of some layers as a run's options, against adapters that PEFT 0.21.2 made with the same ones (data/golden/adapters).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lora as adapterOptions } from "../../../spec/adapters/lora";
import { tf } from "../../engine/tensorflow";
import { parseModelConfig } from "../../models/families";
import { readAdapter } from "../files";
import { createAdapter } from "../kinds";

const golden = "data/golden/adapters";
const read = (path: string) => JSON.parse(readFileSync(`${golden}/${path}`, "utf8")) as Record<string, unknown>;
const model = parseModelConfig(read("model/config.json"));

test.each(["rank-pattern", "both-patterns", "alpha-pattern"])(
  "a run with the options of “%s” has PEFT's weights, scales and adapter_config.json",
  (name) => {
    const config = read(`${name}/adapter_config.json`);
    const options = adapterOptions.parse({
      ...{ rank: config.r, alpha: config.lora_alpha, targets: config.target_modules },
      ...{ rankPattern: config.rank_pattern, alphaPattern: config.alpha_pattern },
    });
    const [ours, theirs] = [createAdapter(model, options, 0).tuner, readAdapter(`${golden}/${name}`, model)];
    expect(ours.shapes).toEqual(theirs.tuner.shapes);
    const { rank_pattern, alpha_pattern } = config;
    expect(ours.config).toMatchObject({ r: config.r, lora_alpha: config.lora_alpha, rank_pattern, alpha_pattern });
    for (const module of [...ours.shapes.keys()].map((weight) => weight.replace(/\.lora_[AB]\.weight$/, ""))) {
      const [change, expected] = [ours, theirs.tuner].map((tuner) => tuner.change(theirs.weights, module)!);
      if (!("lowRank" in change!) || !("lowRank" in expected!)) throw new Error(`${module} is no low-rank update`);
      expect(tf.equal(change.lowRank.b, expected.lowRank.b).all().dataSync()[0], module).toBe(1);
    }
  },
);

test("a pattern that fits no adapted layer is refused by name, and so is a rank that is none", () => {
  const create = (given: object) => createAdapter(model, adapterOptions.parse({ targets: ["q_proj"], ...given }), 0);
  expect(() => create({ rankPattern: { k_proj: 4 } })).toThrow(
    /adapter\.rankPattern "k_proj" fits none of the 3 adapted layers, of which the first is model\.layers\.0\.self_attn\.q_proj/,
  );
  expect(() => create({ alphaPattern: { "layers.7.*": 4 } })).toThrow(/adapter\.alphaPattern "layers\.7\.\*"/);
  expect(() => create({ rankPattern: { q_proj: 0 } })).toThrow(/rankPattern/);
});
