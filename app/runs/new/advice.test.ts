import { expect, test } from "vitest";
import { demoPreset, presets } from "@/lib/runs/presets";
import { runConfig } from "@/trainers/config";
import { adviceBeyond } from "./advice";

const parsed = (config: object, dpo: object) =>
  runConfig.parse({ ...config, dpo, data: { ...(config as { data?: object }).data, train: "x" }, output: "y" });
const { config } = demoPreset;

test.each(presets)("preset $id is no surprise to its own form", (preset) => {
  const whole = { ...preset.config, data: { ...(preset.config.data as object), train: "x" }, output: "y" };
  expect(adviceBeyond(preset.config, runConfig.parse(whole))).toEqual([]);
});

test("what somebody makes unusual is said, with what is usual", () => {
  const [advice] = adviceBeyond(config, parsed(config, { ...config.dpo, beta: 3 }));
  expect(advice).toEqual({ path: "dpo.beta", message: "DPO's β is usually 0.01 to 0.6, not 3" });
  expect(adviceBeyond(undefined, parsed(config, config.dpo))).toHaveLength(1); // the demo's own β of 1, unexplained
});
