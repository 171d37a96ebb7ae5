// Modules that are trained whole beside a LoRA, against PEFT 0.21.2 on tiny models of three families (data/golden/adapter-variants/make-modules-to-save.py).
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapter as adapterOptions } from "../../../spec/adapters/adapters";
import type { HeldBase } from "../../../spec/fields/model";
import { adapterSteps, far } from "../../../test/adapter-steps";
import { cosineSum } from "../../../test/cosine-sum";
import { familyWeights } from "../../../test/family-models";
import { parseModelConfig, weightShapes } from "../../models/families";
import type { LoadedFiles } from "../../models/formats/loaded-files";
import { readSafetensors } from "../../models/formats/safetensors";
import type { Model } from "../../models/model";
import { frozenWeights } from "../../models/weights";
import { readAdapter, writeAdapter } from "../files";
import { createAdapter } from "../kinds";
import { mergedFiles } from "../merge";
import { combineLora } from "./combine";
import { startOfScorer } from "./modules-to-save";

interface Case {
  family: string;
  targets: string[];
  saved: string[];
  rate: number;
  logProbs: number[][];
  gradients: Record<string, number>;
  merged: Record<string, number>;
}
const golden = "data/golden/adapter-variants";
const { ids, cases } = JSON.parse(readFileSync(`${golden}/modules-to-save.json`, "utf8")) as {
  ids: number[];
  cases: Record<string, Case>;
};
const { say, step } = adapterSteps(ids);

type Held = Parameters<typeof frozenWeights>;
function modelOf(family: string, dtype: Held[2] = "float32", quantisation: HeldBase["quantisation"] = null) {
  const json = JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config;
  const [config, host] = [parseModelConfig(json), familyWeights(json)];
  const model: Model = {
    config,
    weights: frozenWeights(config, host, dtype, { quantisation, unquantised: [] }),
    recompute: "none",
  };
  const companions = () => ({ "config.json": JSON.stringify(json) });
  return { model, files: { config, host, companions } as unknown as LoadedFiles };
}

const optionsOf = ({ targets, saved }: Pick<Case, "targets" | "saved">, more: object = {}) =>
  adapterOptions.parse({ rank: 3, alpha: 6, targets, modulesToSave: saved, ...more });

/** GPT-NeoX's head has its older name in a model's files. */
const inFiles = (name: string, { family }: Case) =>
  family === "gpt-neox" ? name.replace(/^lm_head\./, "embed_out.") : name;

test.each(Object.entries(cases))("“%s” is read, learns, is saved and merged as in PEFT", (name, expected) => {
  const { family, rate, logProbs, gradients, merged } = expected;
  const { model, files } = modelOf(family);
  const base = say(model, null);
  let adapter = readAdapter(`${golden}/${name}`, model.config);
  expect(far(say(model, adapter), logProbs[0]!)).toBeLessThan(1e-5);
  logProbs.slice(1).forEach((theirs, i) => {
    const { next, norms } = step(model, adapter, rate);
    if (i === 0)
      for (const [weight, norm] of Object.entries(gradients))
        expect(Math.abs(norms[inFiles(weight, expected)]! / norm - 1), weight).toBeLessThan(1e-4);
    expect(Object.keys(norms).length).toBe(Object.keys(gradients).length);
    adapter = next;
    expect(far(theirs, logProbs[i]!)).toBeGreaterThan(1e-3); // or the case shows nothing
    expect(far(say(model, adapter), theirs)).toBeLessThan(1e-5);
  });
  expect(say(model, null)).toEqual(base); // the base's own are as they were

  const folder = mkdtempSync(join(process.env.KEEP ?? tmpdir(), `workbench-${name}-`));
  writeAdapter(folder, adapter, "base");
  expect(far(say(model, readAdapter(folder, model.config)), logProbs.at(-1)!)).toBeLessThan(1e-5);
  const settings = (of: string) => JSON.parse(readFileSync(join(of, "adapter_config.json"), "utf8"));
  expect(settings(folder).modules_to_save).toEqual(settings(`${golden}/${name}`).modules_to_save);
  const shapes = (of: string) =>
    [...readSafetensors(join(of, "adapter_model.safetensors"))].map(([key, { shape }]) => [key, shape]).sort();
  expect(shapes(folder)).toEqual(shapes(`${golden}/${name}`));

  const whole = mergedFiles(files, adapter);
  for (const [weight, value] of Object.entries(merged))
    expect(Math.abs(cosineSum(whole.host.get(inFiles(weight, expected))!.data) - value), weight).toBeLessThan(1e-4);
  const { config, host } = whole;
  const alone: Model = { config, weights: frozenWeights(config, host, "float32"), recompute: "none" };
  expect(far(say(alone, null), logProbs.at(-1)!)).toBeLessThan(1e-5);
  expect(JSON.parse(whole.companions()["config.json"]!).tie_word_embeddings).toBe(false); // GPT-2's come apart
  expect(Object.keys(weightShapes(config))).toContain(inFiles("lm_head.weight", expected));
});

test.each([
  ["float32", null, {}],
  ["bfloat16", null, {}],
  ["bfloat16", "nf4-double", { dora: true }],
  ["float32", null, { start: "pissa" }],
] as const)("over a base in %s %s a fresh one with %o says what the base says", (dtype, quantisation, more) => {
  for (const [name, expected] of Object.entries(cases)) {
    const { model } = modelOf(expected.family, dtype, quantisation);
    const fresh = createAdapter(model.config, optionsOf(expected, more), 0, model.weights);
    expect([...fresh.weights.keys()].sort(), name).toEqual([...fresh.tuner.shapes.keys()].sort());
    // copies are multiplied in float32: a bfloat16 base's inputs are rounded, theirs are not
    const linear = expected.saved.some(
      (module) => module.endsWith("_proj") || module === "c_fc" || module.endsWith("dense"),
    );
    const apart = far(say(model, fresh), say(model, null));
    expect(apart, name).toBeLessThan(dtype === "bfloat16" && linear ? 0.05 : 1e-5);
    const folder = mkdtempSync(join(tmpdir(), "workbench-fresh-"));
    const { next } = step(model, fresh, 0.01);
    writeAdapter(folder, next, "base");
    expect(far(say(model, readAdapter(folder, model.config)), say(model, next)), name).toBeLessThan(2e-5);
  }
});

test("in a LoRA of all linear layers a module that is trained whole has no update; one name means all that end so", () => {
  const { model } = modelOf("mistral");
  const { tuner } = createAdapter(
    model.config,
    optionsOf({ targets: ["q_proj", "k_proj"], saved: ["norm", "k_proj"] }),
    0,
    model.weights,
  );
  const names = [...tuner.shapes.keys()].filter((name) => name.includes("layers.1") || name.startsWith("model.norm"));
  expect(names).toEqual([
    "model.layers.1.self_attn.q_proj.lora_A.weight",
    "model.layers.1.self_attn.q_proj.lora_B.weight",
    "model.norm.weight",
    "model.layers.1.input_layernorm.weight",
    "model.layers.1.post_attention_layernorm.weight",
    "model.layers.1.self_attn.k_proj.weight",
  ]);
});

test.each([
  ["mistral", "mlp", /adapter.modulesToSave|modules_to_save "mlp" matches model\.layers\.0\.mlp/],
  ["mistral", "wte", /modules_to_save "wte" matches no module of this model; some that it has are model\.embed_tokens/],
  ["mistral", "proj", /modules_to_save "proj" matches only part of the name of model\.layers\.0\.self_attn\.q_proj/],
  ["olmoe", "mlp.gate", /modules_to_save "mlp\.gate" matches model\.layers\.0\.mlp\.gate/],
])("%s: “%s” is refused by its name", (family, name, message) => {
  const { config, weights } = modelOf(family).model;
  const targets = family === "olmoe" ? ["q_proj"] : ["v_proj"];
  expect(() => createAdapter(config, optionsOf({ targets, saved: [name] }), 0, weights)).toThrow(message);
});

test.each(Object.keys(cases))("a model that scores starts from all of “%s” but its output head", (name) => {
  const { config } = modelOf(cases[name]!.family).model;
  const [policy, start] = [
    readAdapter(`${golden}/${name}`, config),
    startOfScorer(readAdapter(`${golden}/${name}`, config)),
  ];
  const head = inFiles("lm_head.weight", cases[name]!);
  const rest = [...policy.weights.keys()].filter((key) => key !== head);
  expect([...start.weights.keys()]).toEqual(rest);
  expect([...start.tuner.shapes.keys()]).toEqual(rest);
  expect(start.tuner.replaces?.has(head) ?? false).toBe(false);
  for (const key of rest) expect(start.weights.get(key)!.dataSync(), key).toEqual(policy.weights.get(key)!.dataSync());
  const saved = cases[name]!.saved.filter((module) => module !== "lm_head");
  expect(start.tuner.config.modules_to_save).toEqual(saved.length > 0 ? saved : undefined);
  const folder = mkdtempSync(join(tmpdir(), "workbench-scorer-"));
  writeAdapter(folder, start, "base");
  expect([...readAdapter(folder, config).weights.keys()].sort()).toEqual(rest.sort());
});

test("where a name means the head and more, a model that scores goes on with the rest by their names", () => {
  const { config, weights } = modelOf("gpt2").model;
  const options = optionsOf({ targets: ["c_fc"], saved: ["wte", "d"] }); // of all modules the head's name alone ends so
  expect(startOfScorer(createAdapter(config, options, 0, weights)).tuner.config.modules_to_save).toEqual(["wte"]);
});

test("adapters with such modules are not combined; tied ones that PEFT would train as one are refused", () => {
  const { model } = modelOf("gpt2");
  const part = { adapter: readAdapter(`${golden}/gpt2-head`, model.config), weight: 1 };
  const combine = () => combineLora([part, part], { method: "linear", density: 1, seed: 0 }, () => part.adapter.tuner);
  expect(combine).toThrow(/has modules that were trained whole \(lm_head\)/);
  const folder = mkdtempSync(join(tmpdir(), "workbench-tied-"));
  const json = JSON.parse(readFileSync(`${golden}/gpt2-head/adapter_config.json`, "utf8"));
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify({ ...json, ensure_weight_tying: true }));
  expect(() => readAdapter(folder, model.config)).toThrow(/ensure_weight_tying true is not supported: .*come apart/);
});
