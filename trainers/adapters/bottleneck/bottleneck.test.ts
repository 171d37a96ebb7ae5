// Bottleneck adapters against the package adapters 1.3.0 on tiny models of three families (data/golden/adapter-variants/make-bottleneck.py).
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AdapterConfig } from "../../../spec/adapters/adapters";
import { bottleneck as options } from "../../../spec/adapters/bottleneck";
import { adapterSteps, far } from "../../../test/adapter-steps";
import { familyWeights } from "../../../test/family-models";
import { tokenBatch } from "../../inference/batches";
import { tokenLogProbs } from "../../inference/policy";
import { createSampler } from "../../inference/sampling";
import { parseModelConfig } from "../../models/families";
import type { LoadedFiles } from "../../models/formats/loaded-files";
import { readSafetensors } from "../../models/formats/safetensors";
import type { Model } from "../../models/model";
import { frozenWeights } from "../../models/weights";
import { adapterFacts } from "../../run/adapter-facts";
import { readAdapter, writeAdapter } from "../files";
import { createAdapter } from "../kinds";
import { writeMerged } from "../merge";

interface Case {
  family: string;
  kind: string;
  rate: number;
  logProbs: number[][];
  gradients: Record<string, number>;
}
const golden = "data/golden/adapter-variants";
const { ids, llama, cases } = JSON.parse(readFileSync(`${golden}/bottleneck.json`, "utf8")) as {
  ids: number[];
  llama: Record<string, unknown>;
  cases: Record<string, Case>;
};
const { say, step } = adapterSteps(ids);

function modelOf(family: string, recompute: Model["recompute"] = "none"): Model {
  const json =
    family === "llama" ? llama : JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config;
  const config = parseModelConfig(json);
  return { config, weights: frozenWeights(config, familyWeights(json), "float32"), recompute };
}

const settingsOf = (folder: string) => JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));

test.each(Object.entries(cases))(
  "“%s” is read, learns and is saved as in adapters, recomputed or not",
  (name, { family, rate, logProbs, gradients }) => {
    for (const recompute of ["none", "attention", "block"] as const) {
      const model = modelOf(family, recompute);
      let adapter = readAdapter(`${golden}/${name}`, model.config);
      expect(far(say(model, adapter), logProbs[0]!)).toBeLessThan(1e-5);
      expect(far(say(model, null), logProbs[0]!)).toBeGreaterThan(0.1);
      logProbs.slice(1).forEach((theirs, i) => {
        const { next, norms } = step(model, adapter, rate);
        if (i === 0)
          for (const [weight, norm] of Object.entries(gradients))
            expect(Math.abs(norms[weight]! / norm - 1), weight).toBeLessThan(1e-4);
        expect(Object.keys(norms).sort()).toEqual(Object.keys(gradients).sort());
        adapter = next;
        expect(far(theirs, logProbs[i]!)).toBeGreaterThan(1e-3); // or the case shows nothing
        // of the largest: a step moves answers by up to two nats, and the rounding of those before it along with them
        expect(far(say(model, adapter), theirs)).toBeLessThan(1e-5 * Math.max(...theirs.map(Math.abs)));
      });
      if (recompute !== "none") continue;

      const folder = mkdtempSync(join(process.env.KEEP ?? tmpdir(), `workbench-${name}-`));
      writeAdapter(folder, adapter, "base");
      expect(say(model, readAdapter(folder, model.config))).toEqual(say(model, adapter));
      const [{ config: ours }, { config: theirs }] = [folder, `${golden}/${name}`].map(settingsOf);
      const { init_weights: _, ...written } = ours;
      expect(theirs).toMatchObject(written);
      const shapes = (of: string) =>
        [...readSafetensors(join(of, "adapter.safetensors"))].map(([key, { shape }]) => [key, shape]).sort();
      expect(shapes(folder)).toEqual(shapes(`${golden}/${name}`));
    }
  },
);

test.each(["mistral", "gpt2", "llama", "qwen3", "phi3", "smollm3"])(
  "a fresh one of %s says what its base says",
  (family) => {
    const model = modelOf(family);
    for (const placement of ["houlsby", "pfeiffer"]) {
      const adapter = createAdapter(model.config, options.parse({ type: "bottleneck", placement, reduction: 4 }), 0);
      expect(far(say(model, adapter), say(model, null))).toBeLessThan(1e-5); // a Llama's base speaks by an op of its own
      const { next, norms } = step(model, adapter, 1);
      for (const [name, norm] of Object.entries(norms))
        expect(norm === 0, name).toBe(adapter.tuner.startsAtZeroGradient(name));
      expect(far(say(model, next), say(model, null))).toBeGreaterThan(1e-3);
    }
  },
);

test("the non-linearity follows the placement, and the numbers trained are those of the two matrices and their biases", () => {
  const { config } = modelOf("mistral"); // 3 blocks, 32 wide
  const of = (given: object) => options.parse({ type: "bottleneck", ...given });
  const nonLinearity = (given: object) => createAdapter(config, of(given), 0).tuner.config.non_linearity;
  expect([{ placement: "houlsby" }, {}, { nonLinearity: "gelu" }].map(nonLinearity)).toEqual(["swish", "relu", "gelu"]);
  const [d, m] = [32, 6]; // ⌊32 / 5⌋
  const one = 2 * d * m + d + m;
  const parameters = (options: AdapterConfig) => adapterFacts(options, config).parameters;
  expect(parameters(of({ reduction: 5 }))).toBe(3 * one);
  expect(parameters(of({ reduction: 5, placement: "houlsby" }))).toBe(3 * 2 * one);
  expect(parameters(of({ reduction: 4000 }))).toBe(3 * (2 * d + d + 1)); // one wide at the least
});

test.each(["llama-houlsby", "llama-pfeiffer", "gpt2-pfeiffer"])(
  "under “%s” sampler and scorer say the same",
  (name) => {
    const model = modelOf(cases[name]!.family);
    const adapter = readAdapter(`${golden}/${name}`, model.config);
    const prompts = [ids.slice(0, 9), ids.slice(3, 7)];
    const streams = prompts.map((_, i) => `row ${i}`);
    const settings = { maxNewTokens: 12, temperature: 1, ends: new Set<number>(), pad: 0, streams };
    const rows = createSampler(model, adapter)(prompts, settings);
    const scored = rows.map(({ ids }, i) => {
      const input_ids = [...prompts[i]!, ...ids];
      return [{ input_ids, completion_mask: input_ids.map((_, t) => (t < prompts[i]!.length ? 0 : 1)) }];
    });
    const rescored = tokenLogProbs(model, adapter, tokenBatch(scored, 0)).arraySync();
    rows.forEach(({ logProbs }, i) => {
      expect(far(logProbs, rescored[i]!)).toBeLessThan(1e-5);
    });
    const base = tokenLogProbs(model, null, tokenBatch(scored, 0)).arraySync();
    expect(far(base[0]!, rescored[0]!)).toBeGreaterThan(0.1);
  },
);

function houlsby(config: object, rest: object = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "workbench-bottleneck-"));
  cpSync(`${golden}/mistral-houlsby`, folder, { recursive: true });
  const json = settingsOf(folder);
  const changed = { ...json, ...rest, config: { ...json.config, ...config } };
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(changed));
  return folder;
}

test.each<[object, RegExp]>([
  [{ architecture: "prefix_tuning" }, /prefix_tuning\), of which only bottleneck/],
  [{ use_gating: true }, /use_gating true is not supported/],
  [{ inv_adapter: "nice" }, /inv_adapter "nice" is not supported/],
  [{ phm_layer: true }, /phm_layer true is not supported/],
  [{ is_parallel: true }, /is_parallel true is not supported/],
  [{ scaling: "learned" }, /scaling "learned" is not supported; supported is 1/],
  [{ original_ln_after: false }, /original_ln_after: found false/],
  [{ reduction_factor: { default: 8 } }, /reduction_factor: found \{"default":8\}/],
  [{ reduction_factor: 4 }, /adapter_down\.0\.weight should be \[8,32\] for this model and is \[6,32\]/],
  [{ non_linearity: "tanh" }, /non_linearity: found "tanh"/],
  [{ original_ln_before: true }, /original_ln_before true is not supported: with mh_adapter/],
  [{ novel: 3 }, /novel 3 is not known here/],
])("a folder with %j is refused by name", (changed, message) => {
  const { config } = modelOf("mistral");
  expect(() => readAdapter(houlsby({}), config)).not.toThrow();
  expect(() => readAdapter(houlsby(changed), config)).toThrow(message);
});

test("another model's, a pickle, a mixture, a block that is put together otherwise, and merging are refused", () => {
  const { config } = modelOf("mistral");
  expect(() => readAdapter(houlsby({}, { hidden_size: 64 }), config)).toThrow(/hidden_size should be 32 .* is 64/);
  const folder = houlsby({});
  renameSync(join(folder, "adapter.safetensors"), join(folder, "pytorch_adapter.bin"));
  expect(() => readAdapter(folder, config)).toThrow(/pytorch_adapter\.bin, which is a pickle.*use_safetensors=True/);
  const fresh = (family: string) => createAdapter(modelOf(family).config, options.parse({ type: "bottleneck" }), 0);
  expect(() => fresh("gemma2")).toThrow(/bottleneck adapters are for llama, .*this model is of gemma2; use LoRA/);
  expect(() => fresh("mixtral")).toThrow(/this model is of mixtral/);
  const json = JSON.parse(readFileSync("data/golden/families/mistral.json", "utf8")).config;
  const files = { config, host: familyWeights(json) } as unknown as LoadedFiles;
  const merged = join(folder, "merged");
  expect(() => writeMerged(merged, files, fresh("mistral"))).toThrow(/cannot be worked into the model's weights/);
  expect(existsSync(merged)).toBe(false);
});
