// The weights of a model that is trained from nothing.
import { createRandom, normalOf } from "../../common/random";
import type { ModelConfig } from "./config";
import { familyOf, weightShapes } from "./families";
import type { HostTensor } from "./formats/safetensors";

/**
 * As GPT-2 and Llama start: normal with deviation 0.02 (÷ √(2·layers) into the residual stream), norms 1, biases 0; what a family starts
 * otherwise, it says itself.
 */
export function randomWeights(config: ModelConfig, seed: number): Map<string, HostTensor> {
  const random = createRandom(seed, "weights");
  const normal = normalOf(random);
  const { start } = familyOf(config);
  return new Map(
    Object.entries(weightShapes(config)).map(([name, shape]) => {
      const deviation = /o_proj|down_proj|\.w2\.|output_linear/.test(name) ? 0.02 / Math.sqrt(2 * config.layers) : 0.02;
      const usual = () => (name.endsWith(".bias") ? 0 : shape.length === 1 ? 1 : deviation * normal());
      const next = start?.(name, shape, random) ?? usual;
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: Float32Array.from({ length: size }, (_, i) => next(i)) }];
    }),
  );
}
