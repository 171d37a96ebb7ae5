// What is trained over a frozen model, as the forward pass, the checkpoints and the exports know it. Its kinds are in trainers/adapters/.
import { type Dropout, dropoutOf } from "./dropout";
import type { LayerChange } from "./linear";
import { tf } from "./tensorflow";

export interface Adapter {
  tuner: Tuner;
  /** By PEFT's names, which begin with the layer's: `model.layers.0.self_attn.q_proj.lora_A.weight`. In a reward model `score.weight` too. */
  weights: AdapterWeights;
  /** Only while a training step's loss and gradients are computed. */
  dropout?: Dropout;
}
export type AdapterWeights = Map<string, tf.Tensor>;

/** A kind of adapter with its settings, fitted to a model: which weights it has, and what they do. */
export interface Tuner {
  /** adapter_config.json in PEFT's names, but for the base model and the task. */
  config: { peft_type: string } & Record<string, unknown>;
  /** Of every weight, by its name. */
  shapes: ReadonlyMap<string, number[]>;
  /** A fresh adapter, with which the model computes exactly what its base does. Its tuner knows the start, where that is more than `weights`. */
  fresh(random: () => number, base: BaseLayers): Adapter;
  /** Whether the gradient of a fresh adapter's weight is exactly 0, as of LoRA's A while B is 0. Checked in every run. */
  startsAtZeroGradient(name: string): boolean;
  /** How the linear layer `module` (`model.layers.0.self_attn.q_proj`) is changed; null where it is not. `dropout`: of this layer. */
  change(weights: AdapterWeights, module: string, dropout?: Dropout): LayerChange | null;
  /** A tensor of the base by its full name, linear layers [out, in], with the adapter worked in; null where it stays as it is. */
  merged(weights: AdapterWeights, name: string, base: tf.Tensor): tf.Tensor | null;
  /** The weights as PEFT's file has them, and back, where these differ. A reward model's head is among them. */
  saved?(weights: AdapterWeights): AdapterWeights;
  restored?(saved: AdapterWeights): AdapterWeights;
}

/** The base's linear layers by their names, as they are held. */
export type BaseLayers = (module: string) => {
  /** In float32, a bfloat16 or 4-bit one exactly as products take it. */
  matrix(): tf.Tensor2D; // [out, in]
  rowSquares(): tf.Tensor1D; // [out]
};

/** How a layer is changed; null where it is not, and where there is no adapter. */
export const layerChange = (adapter: Adapter | null, module: string): LayerChange | null =>
  adapter?.tuner.change(adapter.weights, module, adapter.dropout && dropoutOf(adapter.dropout, module)) ?? null;

/** The weights that change the block whose names begin with `block`. */
export const blockWeights = (adapter: Adapter | null, block: string): tf.Tensor[] =>
  [...(adapter?.weights ?? [])].flatMap(([name, tensor]) => (name.startsWith(block) ? tensor : []));

/** A frozen copy: the reference "the adapter as it was at the start". */
export function cloneAdapter({ tuner, weights }: Adapter): Adapter {
  const copies = [...weights].map(([name, tensor]) => [name, tf.tensor(tensor.dataSync(), tensor.shape)] as const);
  return { tuner, weights: new Map(copies) };
}
