import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tf } from "../engine/tensorflow";
import { tokenBatch } from "../inference/batches";
import { tokenLogProbs } from "../inference/policy";
import { parseModelConfig } from "./families";
import { randomWeights } from "./random-weights";
import { frozenWeights } from "./weights";

const golden = "data/golden/families";
const families = readdirSync(golden)
  .filter((file) => file.endsWith(".json"))
  .map((file) => [file.replace(".json", ""), JSON.parse(readFileSync(join(golden, file), "utf8")).config] as const);

test.each(families)(
  "%s: a fresh model finds all tokens about as likely, its biases are 0 and its norms change no scale",
  (_, json) => {
    const config = parseModelConfig(json);
    const fresh = randomWeights(config, 0);
    const model = { config, weights: frozenWeights(config, fresh, "float32"), recompute: "none" as const };
    const ids = Array.from({ length: 40 }, (_, i) => (i * 37) % 512);
    const batch = tokenBatch([[{ input_ids: ids, completion_mask: ids.map((_, t) => (t === 0 ? 0 : 1)) }]], 0);
    const said = [...tf.tidy(() => tokenLogProbs(model, null, batch).dataSync())].slice(0, 39);
    for (const value of said) expect(Math.abs(value + Math.log(512))).toBeLessThan(1);
    for (const [name, { data }] of fresh) {
      if (/dt_proj\.bias|dt_bias/.test(name)) continue;
      if (name.endsWith(".bias")) expect(new Set(data), name).toEqual(new Set([0]));
      else if (/norm\w*\.weight$|ln_\w\.weight$/.test(name))
        expect(new Set(data), name).toEqual(new Set([config.family.startsWith("gemma") ? 0 : 1]));
    }
  },
);

test.each(["mamba", "mamba2"])("%s: rates are −1, −2, … and time steps between 0.001 and 0.1", (name) => {
  const fresh = randomWeights(parseModelConfig(families.find(([each]) => each === name)![1]), 0);
  const of = (end: RegExp) => [...fresh].flatMap(([key, { data }]) => (end.test(key) ? [...data] : []));
  const rates = name === "mamba" ? 6 : 8;
  of(/A_log$/).forEach((value, i) => {
    expect(Math.exp(value)).toBeCloseTo(1 + (i % rates), 5);
  });
  const steps = of(/dt_(proj\.)?bias$/).map((value) => Math.log1p(Math.exp(value)));
  expect(Math.min(...steps)).toBeGreaterThan(0.00099);
  expect(Math.max(...steps)).toBeLessThan(0.1001);
  expect(Math.max(...steps) / Math.min(...steps)).toBeGreaterThan(5);
});
