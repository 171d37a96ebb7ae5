// Runs over a base in 4 bits: each method computes what it does over a model whose weights are the numbers behind the codes, and what a run
// leaves is resumed, merged and asked over the base that it was trained on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHash } from "../../common/file-hash";
import { type FourBitType, type HeldBase, heldInFull } from "../../spec/fields/model";
import { scratch } from "../../test/program";
import { golden, methods, rowsOf, shortRun } from "../../test/short-runs";
import { readBaseQuantisation } from "../adapters/base-quantisation";
import { readAdapter } from "../adapters/files";
import { writeModel } from "../adapters/merge";
import { tokenBatch } from "../inference/batches";
import { loadBase, readPolicy, tunedFiles } from "../inference/frozen-policy";
import { tokenLogProbs } from "../inference/policy";
import { fourBitFiles } from "../models/four-bit-files";
import { readModel } from "../models/load";
import { frozenWeights } from "../models/weights";
import { silent } from "./observer";
import { run } from "./train";
import { examine } from "./validate-run";

const config = (overrides: object) =>
  shortRun({ model: { source: `${golden}/model`, quantisation: "nf4-double" }, ...overrides });

async function rounded(held: HeldBase<FourBitType>): Promise<string> {
  const made = scratch();
  writeModel(made, fourBitFiles(await readModel(`${golden}/model`), held), "float32");
  return made;
}
const everyLayer: HeldBase<FourBitType> = { quantisation: "nf4-double", unquantised: [] };
/** A part of what q, k and v share, a whole block, and the first of two neighbours. */
const someLayers: HeldBase<FourBitType> = {
  quantisation: "nf4",
  unquantised: ["k_proj", "model.layers.1", "gate_proj"],
};
const behind = new Map([
  [everyLayer, await rounded(everyLayer)],
  [someLayers, await rounded(someLayers)],
]);

test.each([
  ...Object.keys(methods).map((method) => [method, everyLayer] as const),
  ...["dpo", "ppo"].map((method) => [method, someLayers] as const),
])("%s learns what it does over the numbers behind the codes: %o", async (method, held) => {
  const options = { method, ...methods[method], maxSteps: 2 };
  const numbers = async (model: object) =>
    (await rowsOf(config({ ...options, model }))).rows.map(({ loss, grad_norm }) => [loss!, grad_norm!]);
  const found = await numbers({ source: `${golden}/model`, ...held });
  const expected = await numbers({ source: behind.get(held)! });
  expect(found).toHaveLength(2);
  for (const [i, row] of found.entries())
    for (const [at, value] of row.entries())
      expect(Math.abs(value - expected[i]![at]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
});

test.each(["dpo", "ppo"])("%s goes on after a stop to the same bits", async (method) => {
  const [straight, stopped] = [config({ method, ...methods[method] }), config({ method, ...methods[method] })];
  const { rows } = await rowsOf(straight);
  const { saved } = await rowsOf(stopped, { until: rows[1]!.step });
  await rowsOf(stopped, { resume: saved });
  const hash = ({ output }: typeof straight) => fileHash(join(output, "adapter_model.safetensors"));
  expect(hash(stopped)).toBe(hash(straight));
});

const ids = [1, 40, 50, 60, 70, 80, 90];
const batch = () => tokenBatch([[{ input_ids: ids, completion_mask: [0, 0, 0, 1, 1, 1, 1] }]], 0);

test("an adapter says over which base it was trained: it is asked and merged over that one", async () => {
  const first = config({ saveEvery: 2, maxSteps: 8, optimizer: { learningRate: 5e-3 } });
  const { saved } = await rowsOf(first);
  for (const at of [first.output, ...saved.map(({ folder }) => folder)])
    expect(JSON.parse(readFileSync(join(at, "quantization_config.json"), "utf8"))).toMatchObject({
      quant_method: "bitsandbytes",
      ...{ load_in_4bit: true, bnb_4bit_quant_type: "nf4", bnb_4bit_use_double_quant: true },
    });
  const given = { source: `${golden}/model`, dtype: "float32" as const, ...heldInFull };
  const { model } = await loadBase(given, [null, first.output]);
  const { adapter } = await readPolicy(first.output, model);
  const asked = [...tokenLogProbs(model, adapter, batch()).dataSync()];

  const { config: own, host } = await tunedFiles(given.source, first.output);
  const merged = { config: own, weights: frozenWeights(own, host, "float32"), recompute: "none" as const };
  const distance = (others: ArrayLike<number>) => Math.max(...asked.map((value, i) => Math.abs(value - others[i]!)));
  expect(distance(tokenLogProbs(merged, null, batch()).dataSync())).toBeLessThan(1e-5);
  await expect(loadBase({ ...given, quantisation: "int8" }, [first.output])).rejects.toThrow(
    /over a base in nf4-double/,
  );
  const { model: other } = await loadBase(given, [null]);
  expect(distance(tokenLogProbs(other, adapter, batch()).dataSync())).toBeGreaterThan(1e-3);
  await expect(loadBase(given, [first.output, `${golden}/adapter_init`])).rejects.toThrow(
    /in nf4-double and .*adapter_init was trained over a base that is not quantised/,
  );

  // a run that goes on from it over another base is told so
  const odd = async (quantisation: string | null) =>
    (await examine(config({ model: { ...given, quantisation }, adapter: { init: first.output } }), [])).odd;
  expect((await odd("nf4-double")).map(({ path }) => path)).not.toContain("adapter.init");
  expect(await odd(null)).toContainEqual({
    path: "adapter.init",
    message: expect.stringMatching(/over a base in nf4-double and answers here over one that is not quantised/),
  });
});

test("so it does of the layers that were left in full precision", async () => {
  const first = config({ model: { source: `${golden}/model`, ...someLayers }, maxSteps: 1 });
  await run(first, { observer: silent, signal: new AbortController().signal });
  const json = JSON.parse(readFileSync(join(first.output, "quantization_config.json"), "utf8"));
  expect(json.llm_int8_skip_modules).toEqual([...someLayers.unquantised, "lm_head", "embed_out"]);
  expect(readBaseQuantisation(first.output)).toEqual(someLayers);
  const logProbs = async (source: string) => {
    const { model } = await loadBase({ source, dtype: "float32", ...heldInFull }, [first.output]);
    return [...tokenLogProbs(model, readAdapter(first.output, model.config), batch()).dataSync()];
  };
  const { config: own, host } = await tunedFiles(`${golden}/model`, first.output);
  const merged = { config: own, weights: frozenWeights(own, host, "float32"), recompute: "none" as const };
  const expected = [...tokenLogProbs(merged, null, batch()).dataSync()];
  for (const [i, value] of (await logProbs(`${golden}/model`)).entries())
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5);
  const { odd } = await examine(config({ adapter: { init: first.output } }), []);
  expect(odd).toContainEqual({
    path: "adapter.init",
    message: expect.stringMatching(
      /in nf4 without k_proj, model.layers.1, gate_proj and answers here over one in nf4-d/,
    ),
  });
  const refused = examine(config({ model: { source: `${golden}/model`, ...someLayers, unquantised: ["q"] } }), []);
  await expect(refused).rejects.toThrow(/unquantised "q" names no layer/);
  expect(() => config({ model: { source: "tiny", unquantised: ["q_proj"] } })).toThrow(/the base is not quantised/);
});

test("only a base that stays as it is can be quantised", () => {
  expect(() => config({ adapter: null })).toThrow(/only a frozen base is quantised/);
});
