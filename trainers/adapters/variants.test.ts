// (IA)³, and LoRAs that need the base's weights, against PEFT 0.21.2 on tiny models of three families (data/golden/adapter-variants/make-variants.py).
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapter as adapterOptions } from "../../spec/adapters/adapters";
import { runConfig } from "../../spec/config";
import { type FourBitType, type HeldBase, heldInFull } from "../../spec/fields/model";
import { adapterSteps, far } from "../../test/adapter-steps";
import { cosineSum } from "../../test/cosine-sum";
import { familyWeights } from "../../test/family-models";
import type { Adapter } from "../engine/adapter";
import { parseModelConfig } from "../models/families";
import type { LoadedFiles } from "../models/formats/loaded-files";
import { readSafetensors } from "../models/formats/safetensors";
import { fourBitFiles } from "../models/four-bit-files";
import type { Model } from "../models/model";
import { frozenWeights } from "../models/weights";
import { readAdapter, writeAdapter } from "./files";
import { createAdapter } from "./kinds";
import { combineLora } from "./lora/combine";
import { mergedWeights } from "./merge";

interface Case {
  family: string;
  kind: string;
  rate: number;
  logProbs: number[][];
  gradients: Record<string, number>;
  merged: Record<string, number>;
}
const golden = "data/golden/adapter-variants";
const { ids, cases } = JSON.parse(readFileSync(`${golden}/variants.json`, "utf8")) as {
  ids: number[];
  cases: Record<string, Case>;
};
const targets: Record<string, string[]> = {
  mistral: ["q_proj", "v_proj", "down_proj"],
  "gpt-neox": ["query_key_value", "dense_4h_to_h"],
  gpt2: ["c_attn", "c_proj"],
};
const isDrawn = (kind: string) => kind === "dora" || kind === "ia3"; // with a start of PEFT's
const { say, step } = adapterSteps(ids);

function modelOf(family: string, dtype: "float32" | "bfloat16" = "float32", held: HeldBase = heldInFull) {
  const json = JSON.parse(readFileSync(`data/golden/families/${family}.json`, "utf8")).config;
  const [config, host] = [parseModelConfig(json), familyWeights(json)];
  const model: Model = { config, weights: frozenWeights(config, host, dtype, held), recompute: "none" };
  return { model, files: { config, host } as unknown as LoadedFiles };
}

const fresh = ({ config, weights }: Model, family: string, kind: string): Adapter => {
  const kinds: Record<string, object> = { pissa: { start: "pissa" }, olora: { start: "olora" }, dora: { dora: true } };
  const options = { rank: 3, alpha: 6, targets: targets[family], ...kinds[kind] };
  return createAdapter(config, adapterOptions.parse(kind === "ia3" ? { type: "ia3" } : options), 0, weights);
};

test.each(Object.entries(cases))(
  "“%s” starts as its base, learns, is saved and merged as in PEFT",
  (name, expected) => {
    const { family, kind, rate, logProbs, gradients, merged } = expected;
    const { model, files } = modelOf(family);
    const begun = fresh(model, family, kind);
    expect(say(model, begun)).toEqual(say(model, null)); // to the bit
    const theirFile = readAdapter(`${golden}/${name}`, model.config);
    let adapter = isDrawn(kind) ? theirFile : begun;
    expect(far(say(model, adapter), logProbs[0]!)).toBeLessThan(1e-5);
    logProbs.slice(1).forEach((theirs, i) => {
      const { next, norms } = step(model, adapter, rate);
      if (i === 0)
        for (const [weight, norm] of Object.entries(gradients))
          expect(Math.abs(norms[weight]! / norm - 1), weight).toBeLessThan(1e-4);
      expect(Object.keys(norms).sort()).toEqual(Object.keys(gradients).sort());
      adapter = next;
      expect(far(theirs, logProbs[i]!)).toBeGreaterThan(1e-3); // or the case shows nothing
      expect(far(say(model, adapter), theirs)).toBeLessThan(1e-5);
    });

    const last = logProbs.at(-1)!;
    if (!isDrawn(kind)) expect(far(say(model, theirFile), last)).toBeLessThan(1e-5);
    const folder = mkdtempSync(join(process.env.KEEP ?? tmpdir(), `workbench-${name}-`));
    writeAdapter(folder, adapter, "base");
    expect(far(say(model, readAdapter(folder, model.config)), last)).toBeLessThan(1e-5); // ours
    const settings = (of: string) => JSON.parse(readFileSync(join(of, "adapter_config.json"), "utf8"));
    for (const field of ["r", "lora_alpha", "use_dora", "fan_in_fan_out"])
      expect(settings(folder)[field], field).toEqual(settings(`${golden}/${name}`)[field]);
    const shapes = (of: string) =>
      [...readSafetensors(join(of, "adapter_model.safetensors"))].map(([key, { shape }]) => [key, shape]).sort();
    expect(shapes(folder)).toEqual(shapes(`${golden}/${name}`));

    const weights = mergedWeights(files, adapter);
    for (const [matrix, value] of Object.entries(merged))
      expect(Math.abs(cosineSum(weights(matrix)!.data) - value), matrix).toBeLessThan(1e-4);
  },
);

test.each([
  ["bfloat16", null],
  ["float32", "nf4"],
  ["bfloat16", "nf4-double"],
] as const)(
  "over a base in %s %s it starts as the base does, and is as far from float32 as the base is",
  (dtype, quantisation) => {
    for (const [name, { family, kind }] of Object.entries(cases)) {
      const [exact, held] = [modelOf(family).model, modelOf(family, dtype, { quantisation, unquantised: [] }).model];
      const base = say(held, null);
      expect(say(held, fresh(held, family, kind)), name).toEqual(base);
      const adapter = readAdapter(`${golden}/${name}`, held.config);
      const apart = far(say(held, adapter), say(exact, adapter));
      expect(apart, name).toBeLessThan(3 * far(base, say(exact, null)));
    }
  },
);

const inNf4: HeldBase<FourBitType> = { quantisation: "nf4", unquantised: [] };
test("a DoRA or (IA)³ over a base in 4 bits says what it says over the numbers behind the codes, and where it is merged into them", () => {
  for (const [name, { family }] of Object.entries(cases).filter(([, { kind }]) => isDrawn(kind))) {
    const { model, files } = modelOf(family, "float32", inNf4);
    const behind = fourBitFiles(files, inNf4);
    const adapter = readAdapter(`${golden}/${name}`, model.config);
    const held = (host: LoadedFiles["host"]) => ({ ...model, weights: frozenWeights(model.config, host, "float32") });
    const said = say(model, adapter);
    expect(far(said, say(model, null)), name).toBeGreaterThan(1e-2);
    expect(far(said, say(held(behind.host), adapter)), name).toBeLessThan(1e-5);
    expect(far(said, say(held({ get: mergedWeights(behind, adapter) }), null)), name).toBeLessThan(1e-5);
  }
});

test("a DoRA and an (IA)³ are not combined, and a DoRA has no start of PiSSA's or OLoRA's", () => {
  const { model } = modelOf("gpt2");
  const part = { adapter: readAdapter(`${golden}/gpt2-dora`, model.config), weight: 1 };
  const combine = () => combineLora([part, part], { method: "linear", density: 1, seed: 0 }, () => part.adapter.tuner);
  expect(combine).toThrow(/one of the adapters is a DoRA/);
  part.adapter = readAdapter(`${golden}/gpt2-ia3`, model.config);
  expect(combine).toThrow(/peft_type "IA3", and only "LORA" is combined/);
  const run = { method: "sft", model: { source: "tiny" }, data: { train: "rows.jsonl" }, output: "out" };
  expect(() => runConfig.parse({ ...run, adapter: { dora: true, start: "olora" } })).toThrow(
    /a DoRA starts at \\"zero\\", not at \\"olora\\"/,
  );
});

test.each([true, false])("a start with patterns is saved at its own scale, rank-stabilised: %s", (rankStabilised) => {
  const { model } = modelOf("mistral");
  const patterns = { rankPattern: { v_proj: 2 }, alphaPattern: { "layers.0.*": 9 } };
  const options = { rank: 3, alpha: 6, targets: targets.mistral, start: "pissa", rankStabilised, ...patterns };
  const start = createAdapter(model.config, adapterOptions.parse(options), 0, model.weights);
  const adapter = step(model, start, 0.002).next;
  const folder = mkdtempSync(join(process.env.KEEP ?? tmpdir(), "workbench-patterns-"));
  writeAdapter(folder, adapter, "base");
  const said = say(model, adapter);
  expect(far(said, say(model, start))).toBeGreaterThan(1e-2);
  expect(far(said, say(model, readAdapter(folder, model.config)))).toBeLessThan(1e-5);
});

test("a rank that a layer has not is refused with both numbers", () => {
  const { model } = modelOf("mistral");
  const options = adapterOptions.parse({ rank: 64, start: "pissa", targets: ["v_proj"] });
  expect(() => createAdapter(model.config, options, 0, model.weights)).toThrow(
    /adapter\.start "pissa" has at most 24 directions in model\.layers\.0\.self_attn\.v_proj and its rank is 64/,
  );
});
