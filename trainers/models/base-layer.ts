// The weights of a base as they are held, whatever they are held in: what a start of an adapter may be made from.
import type { BaseLayer } from "../engine/adapter";
import { fromInt8, isInt8 } from "../engine/int8/codes";
import { isFrozen, linear, rowSquares } from "../engine/linear";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "./config";
import { familyOf } from "./families";
import type { Weights } from "./model";
import { blockName, linearName, namesOf } from "./names";

/** The layer `module` (`model.layers.0.self_attn.q_proj`), or the embeddings (`model.embed_tokens`). */
export function baseLayer(config: ModelConfig, weights: Weights, module: string): BaseLayer {
  if (module === namesOf(config).embedding)
    return { matrix: () => weights.embedding.clone(), rowSquares: () => rowSquares(weights.embedding) };
  const { linearGroups, linearShapes } = familyOf(config);
  const shapes = linearShapes(config);
  const blocks = Array.from({ length: config.layers }, (_, i) => i);
  const layer = blocks.find((i) => module.startsWith(blockName(config, i)))!;
  const name = module.slice(blockName(config, layer).length);
  const group = linearGroups.find((names) => names.includes(name))!; // held one below the other
  const before = group.slice(0, group.indexOf(name)).reduce((sum, other) => sum + shapes[other]![0], 0);
  const [output, input] = shapes[name]!;
  const held = weights.matrix(...group.map((one) => linearName(config, layer, one)));
  return {
    matrix: () =>
      tf.tidy(() => {
        const turned = linear(tf.eye(input), held, null); // I Wᵀ [in, Σ out]
        return tf.transpose(turned.slice([0, before], [input, output]));
      }),
    rowSquares: () => tf.tidy(() => (isFrozen(held) ? held.rowSquares() : rowSquares(held)).slice(before, output)),
  };
}

/** A copy of the weight `name`, as files have it. A head that is tied to the embeddings has their numbers. */
export function baseWeight(config: ModelConfig, weights: Weights, name: string): tf.Tensor {
  const { embedding, head, positions } = namesOf(config);
  const module = name.replace(/\.(weight|bias)$/, "");
  if (module === embedding) return copyOf(weights.embedding);
  if (module === head) return isInt8(weights.head) ? fromInt8(weights.head) : copyOf(weights.head);
  if (module === positions) return copyOf(weights.positions!);
  const isLinear = Object.keys(familyOf(config).linearShapes(config)).some((linear) => module.endsWith(`.${linear}`));
  if (!isLinear || name.endsWith(".bias")) return copyOf(weights.vector(name));
  const matrix = baseLayer(config, weights, module).matrix(); // [out, in]
  return familyOf(config).inByOut ? tf.transpose(matrix) : matrix;
}

/** Its own numbers: a recorded graph takes two tensors that share theirs for one. */
const copyOf = (tensor: tf.Tensor): tf.Tensor => tf.tensor(tensor.dataSync(), tensor.shape);
