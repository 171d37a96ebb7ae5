import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runConfig } from "./config";
import { configVersion } from "./fields/common";
import { storedConfig } from "./stored-config";

/** As the first version wrote a run of DPO, before held-out shares, `sampleReward` and whatever else is newer. */
const old = {
  method: "dpo",
  model: { source: "tiny", dtype: "float32" },
  adapter: { rank: 16, alpha: 32, dropout: 0, targets: "all-linear" },
  data: { train: "pairs.jsonl", tokens: null, eval: null, order: "shuffled", maxLength: 128 },
  seed: 3,
  batchSize: 16,
  maxSteps: 120,
  evalEvery: null,
  sampleEvery: null,
  optimizer: { name: "adamw", learningRate: 7e-4 },
  reference: "base",
  dpo: { beta: 1, loss: "sigmoid" },
  output: "out",
};

test("B1: a config stored before an upgrade gets every newer field by its default", () => {
  const read = storedConfig(old);
  expect(read).toEqual(runConfig.parse(old));
  expect(read).toMatchObject({
    configVersion,
    stopOnAlert: false,
    sampleReward: null,
    dpo: { ldAlpha: null, useWeighting: false },
  });
  const missing = Object.entries(read).filter(([, value]) => value === undefined);
  expect(missing).toEqual([]);
});

test("B1, B11: a stored run keeps the rows that it held out when an interval of evaluations or answers said so", () => {
  const heldOut = (changes: object) => storedConfig({ ...old, ...changes }).data.heldOut;
  expect(heldOut({})).toBe(0);
  expect(heldOut({ evalEvery: 20 })).toBe(0.1);
  expect(heldOut({ sampleEvery: 20 })).toBe(0.1);
  expect(heldOut({ evalEvery: 20, data: { ...old.data, eval: "held.jsonl" } })).toBe(0);
  const ids = storedConfig({ ...old, evalEvery: 20, data: { ...old.data, train: null, tokens: "rows.json" } });
  expect([ids.data.heldOut, ids.evalEvery]).toEqual([0, null]); // there was nothing to evaluate on
});

test("B1: what this version writes, it reads as it stands", () => {
  const demo = runConfig.parse(JSON.parse(readFileSync("data/samples/demo-run.json", "utf8")));
  expect(storedConfig(JSON.parse(JSON.stringify(demo)))).toEqual(demo);
});

test.each([
  [{ ...old, dpo: { beta: -1 } }, "dpo.beta"],
  [{ ...old, method: "ppo2" }, "method"],
  [{ ...old, configVersion: configVersion + 1 }, `this workbench reads version ${configVersion}`],
  [{ ...old, gone: 1 }, "gone: unknown field"],
  ["no object", "file"],
  [null, "file"],
])("B1: a stored config that cannot be read fails with a sentence: %#", (json, part) => {
  expect(() => storedConfig(json)).toThrow(/cannot read the run's stored config.*Launch the run anew/);
  expect(() => storedConfig(json)).toThrow(part);
});
