import { expect, test } from "vitest";
import { pythonConfig } from "./python-config";

test("a number that Transformers 5.23 takes as a float only is written as one where it is whole", () => {
  const json = {
    model_type: "mamba",
    hidden_size: 32,
    time_step_scale: 1,
    time_step_min: 0.001,
    router_jitter_noise: 0,
    final_logit_softcapping: 30,
    clip_qkv: null,
    rms_norm_eps: 1e-7,
  };
  const text = pythonConfig(json);
  expect(JSON.parse(text)).toEqual(json);
  expect(text.split("\n").map((line) => line.trim())).toEqual([
    "{",
    '"model_type": "mamba",',
    '"hidden_size": 32,',
    '"time_step_scale": 1.0,',
    '"time_step_min": 0.001,',
    '"router_jitter_noise": 0.0,',
    '"final_logit_softcapping": 30.0,',
    '"clip_qkv": null,',
    '"rms_norm_eps": 1e-7',
    "}",
  ]);
});
