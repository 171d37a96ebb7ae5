// Adapters combined as PEFT 0.21.2 combines them (data/golden/adapters/make-combinations.py). What DARE drops is drawn: its rules are checked.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CombinationMethod } from "../../../spec/combinations";
import { cosineSum } from "../../../test/cosine-sum";
import { readModel } from "../../models/load";
import { readAdapter } from "../files";
import { type Combination, combineLora } from "./combine";
import { lora } from "./lora";

const folder = "data/golden/adapters";
const golden = JSON.parse(readFileSync(`${folder}/combinations.json`, "utf8")) as {
  adapters: string[];
  weights: number[];
  density: number;
  methods: Record<string, { r: number; lora_alpha: number; matrices: Record<string, number> }>;
};
const { config } = await readModel(`${folder}/model`);
const partsOf = (names: string[], weights: number[]) =>
  names.map((name, i) => ({ adapter: readAdapter(`${folder}/${name}`, config), weight: weights[i]! }));
const combine = (parts: ReturnType<typeof partsOf>, combination: Combination) =>
  combineLora(parts, combination, (json) => lora.fromFile(json, "the new adapter", config));

test.each(Object.entries(golden.methods))("three adapters by %s are PEFT's", (method, { r, lora_alpha, matrices }) => {
  const { density } = golden;
  const parts = partsOf(golden.adapters, golden.weights);
  const { tuner, weights } = combine(parts, { method: method as CombinationMethod, density, seed: 1 });
  expect(tuner.config).toMatchObject({ r, lora_alpha });
  expect([...weights.keys()].sort()).toEqual(Object.keys(matrices).sort());
  for (const [name, expected] of Object.entries(matrices)) {
    const tensor = weights.get(name)!;
    expect(tensor.shape, name).toEqual(tuner.shapes.get(name));
    expect(Math.abs(cosineSum(tensor.dataSync()) - expected), name).toBeLessThan(
      1e-5 * Math.max(1, Math.abs(expected)),
    );
  }
});

test("cat is exact: its update is the weighted sum of the updates", () => {
  const parts = partsOf(golden.adapters, golden.weights);
  const module = "model.layers.1.self_attn.q_proj";
  const updateOf = ({ tuner, weights }: (typeof parts)[number]["adapter"]) => {
    const change = tuner.change(weights, module);
    if (!change || !("lowRank" in change)) throw new Error("no low-rank update");
    return change.lowRank.b.matMul(change.lowRank.a);
  };
  const sum = parts.map(({ adapter, weight }) => updateOf(adapter).mul(weight)).reduce((a, b) => a.add(b));
  const made = updateOf(combine(parts, { method: "cat", density: 1, seed: 1 }));
  expect(made.sub(sum).abs().max().dataSync()[0]).toBeLessThan(1e-6);
});

test("DARE leaves about the density of the numbers, each divided by it, and with the same seed the same ones", () => {
  const parts = partsOf(["plain", "plain"], [1, 1]); // A's numbers times √2 each: of two equal adapters with scale 2
  const dare = (density: number, seed: number) =>
    [...combine(parts, { method: "dare_linear", density, seed }).weights].flatMap(([, matrix]) => [
      ...matrix.dataSync(),
    ]);
  const [whole, half] = [dare(1, 1), dare(0.5, 1)];
  // Of two draws none, one or both are left: 0, 1 or 2 times the number, as both of density 1 are 2 halves of it.
  const times = half.map((value, i) => Math.round((2 * value) / whole[i]!));
  half.forEach((value, i) => void expect(value).toBeCloseTo((times[i]! / 2) * whole[i]!, 5));
  const kept = times.reduce((sum, one) => sum + one / 4, 0) / times.length; // a share of the draws
  expect(Math.abs(kept - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / (2 * times.length)));
  expect(dare(0.5, 1)).toEqual(half);
  expect(dare(0.5, 2)).not.toEqual(half);
});

test("adapters of other layers or ranks are refused by name", () => {
  const by = (method: CombinationMethod) => ({ method, density: 0.5, seed: 1 });
  expect(() => combine(partsOf(["plain", "paths"], [1, 1]), by("cat"))).toThrow(
    /not all of them change model.layers.0.self_attn.v_proj/,
  );
  expect(() => combine(partsOf(["plain", "rslora"], [1, 1]), by("linear"))).toThrow(/ranks 4, 2/);
});
