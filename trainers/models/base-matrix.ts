// The matrix of a frozen linear layer as it is held, whatever it is held in: what a start of an adapter may be made from.
import { linear } from "../engine/linear";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import { familyOf } from "./families";
import type { Weights } from "./model";
import { blockName, linearName } from "./names";

/** W of `module` (`model.layers.0.self_attn.q_proj`) in float32, a bfloat16 or 4-bit one exactly as products take it. [out, in] */
export function baseMatrix(config: ModelConfig, weights: Weights, module: string): tf.Tensor2D {
  const { linearGroups, linearShapes } = familyOf(config);
  const shapes = linearShapes(config);
  const layer = Array.from({ length: config.layers }, (_, i) => i).find((i) =>
    module.startsWith(blockName(config, i)),
  )!;
  const name = module.slice(blockName(config, layer).length);
  const group = linearGroups.find((names) => names.includes(name))!;
  const before = group.slice(0, group.indexOf(name)).reduce((sum, other) => sum + shapes[other]![0], 0);
  const [output, input] = shapes[name]!;
  return tf.tidy(() => {
    const held = weights.matrix(...group.map((one) => linearName(config, layer, one)));
    const turned = linear(tf.eye(input), held, null); // I Wᵀ [in, Σ out]
    return tf.transpose(turned.slice([0, before], [input, output]));
  });
}
