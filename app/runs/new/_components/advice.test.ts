import { expect, test } from "vitest";
import { demoPreset, presets } from "@/lib/runs/presets";
import { runConfig } from "@/spec/config";
import { adviceBeyond, rangeWords, usualOf } from "./advice";

const parsed = (config: object, dpo: object) =>
  runConfig.parse({ ...config, dpo, data: { ...(config as { data?: object }).data, train: "x" }, output: "y" });
const { config } = demoPreset;

test.each(presets)("preset $id is no surprise to its own form", (preset) => {
  const whole = { ...preset.config, data: { ...(preset.config.data as object), train: "x" }, output: "y" };
  expect(adviceBeyond(preset.config, runConfig.parse(whole))).toEqual([]);
});

test("what somebody makes unusual is said, with what is usual", () => {
  const [advice] = adviceBeyond(config, parsed(config, { ...config.dpo, beta: 3 }));
  expect(advice).toEqual({ path: "dpo.beta", message: "usually 0.01 to 0.6, not 3" });
  expect(adviceBeyond(undefined, parsed(config, config.dpo))).toHaveLength(1); // the demo's own β of 1, unexplained
});

test("what is usual changes with the method and with other fields", () => {
  const simpo = (beta: number) =>
    runConfig.parse({
      method: "simpo",
      model: { source: "tiny" },
      simpo: { beta, gamma: 1 },
      data: { train: "x" },
      output: "y",
    });
  expect(usualOf(simpo(2))["simpo.gamma"]!.map((edge) => edge / 2)).toEqual([0.1, 0.8]);
  expect(rangeWords(usualOf(simpo(10))["simpo.gamma"]!)).toBe("1 to 8");
  expect(rangeWords(usualOf(simpo(10))["optimizer.learningRate"]!)).toBe("1e-6 to 1e-3");
  expect(usualOf(parsed(config, { ...config.dpo, lossType: "ipo" }))["dpo.beta"]).toBeUndefined();
});
