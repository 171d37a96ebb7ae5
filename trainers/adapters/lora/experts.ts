// LoRA on a mixture's experts, by PEFT's names and shapes (peft 0.21, tuners/lora/layer.py ParamWrapper). The updates of a block's E experts are one
// A [E · r, in], expert after expert, and one B [out, r · E], whose columns go through the experts once for each of the r.
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../../models/config";
import { familyOf } from "../../models/families";
import { blockName } from "../../models/names";

/** The experts of a block, of which one tensor in Transformers 5 holds gate and up, and one down. */
export interface ExpertLayer {
  /** That tensor: `model.layers.0.mlp.experts.gate_up_proj`. */
  name: string;
  /** What PEFT's names of A and B begin with. */
  module: string;
  experts: number;
  /** [out, in] of each expert. */
  shape: readonly [number, number];
  /** The weights as files have them, one below the other. */
  weights: readonly string[];
}

/** Those that `targets` name, whole or by their ends (peft 0.21, tuners_utils.py _inject_parameters). Throws at a target that names none. */
export function expertLayers(targets: readonly string[], model: ModelConfig): ExpertLayer[] {
  if (targets.length === 0) return [];
  const asked = `target_parameters ${JSON.stringify(targets)}`;
  const names = familyOf(model).experts?.(model);
  if (!names) throw new Error(`${asked} are those of a mixture of experts, and this model (${model.family}) has none`);
  const { hiddenSize: d, intermediateSize: f, mixture } = model;
  const { experts } = mixture!;
  const { gateUp, down } = names.fused;
  const all = Array.from({ length: model.layers }, (_, layer) => {
    const at = blockName(model, layer);
    const module = `${at}${down.slice(0, down.lastIndexOf("."))}`;
    const weights = (inBlock: readonly string[]) => inBlock.map((name) => `${at}${name}`);
    const isTarget = (name: string) => targets.some((target) => `.${name}`.endsWith(`.${target}`));
    const found = [
      { name: `${at}${gateUp}`, module, experts, shape: [2 * f, d] as const, weights: weights(names.gateUp) },
      { name: `${at}${down}`, module, experts, shape: [d, f] as const, weights: weights(names.down) },
    ].filter(({ name }) => isTarget(name));
    // of two that are wrapped one in the other the inner is the first
    return found.length === 2 ? [{ ...found[0]!, module: `${module}.base_layer` }, found[1]!] : found;
  }).flat();
  const unused = targets.find((target) => !all.some(({ name }) => `.${name}`.endsWith(`.${target}`)));
  if (unused !== undefined)
    throw new Error(
      `${asked}: "${unused}" matches none of the experts' parameters, ${gateUp} and ${down}; a router and other parameters cannot be adapted here`,
    );
  return all;
}

/** B [out, r · E] as a matrix of each expert, one below the other. → [E · out, r] */
export function oneBelowTheOther(b: tf.Tensor2D, experts: number): tf.Tensor2D {
  const [out, columns] = b.shape;
  const rank = columns / experts;
  const apart = b.reshape<tf.Tensor3D>([out, rank, experts]);
  return tf.transpose(apart, [2, 0, 1]).reshape<tf.Tensor2D>([experts * out, rank]);
}

/** B A for the rows of `layer` that the weight `name` has: a part of an expert's, or those of all experts. A [E · r, in], B [E · out, r] */
export function expertUpdate(layer: ExpertLayer, { a, b }: { a: tf.Tensor2D; b: tf.Tensor2D }, name: string) {
  const { experts, weights, shape } = layer;
  const [out, input] = shape;
  const rank = b.shape[1];
  const rows = (experts * out) / weights.length;
  const from = weights.indexOf(name) * rows;
  const [first, count] = [Math.floor(from / out), Math.ceil(rows / out)];
  const ofA = a.slice([first * rank, 0], [count * rank, -1]).reshape<tf.Tensor3D>([count, rank, input]);
  const ofB = b.slice([from, 0], [rows, -1]).reshape<tf.Tensor3D>([count, rows / count, rank]);
  return tf.matMul(ofB, ofA); // [1, rows, in] or [E, out, in]
}
