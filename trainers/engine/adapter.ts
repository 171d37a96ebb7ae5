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
  /** A fresh adapter, with which the model computes exactly what its base does, unless it has virtual tokens. Its tuner knows the start, where that is more than `weights`. */
  fresh(random: () => number, base: Base): Adapter;
  /** Whether the gradient of a fresh adapter's weight is exactly 0, as of LoRA's A while B is 0. Checked in every run. */
  startsAtZeroGradient(name: string): boolean;
  /** How the linear layer `module` (`model.layers.0.self_attn.q_proj`) is changed; null where it is not. `dropout`: of this layer. */
  change(weights: AdapterWeights, module: string, dropout?: Dropout): LayerChange | null;
  /** Of the base's weights those, as files have them, instead of which the adapter's own of the same name are taken. */
  replaces?: ReadonlySet<string>;
  /** The same without an output head of its own, where it has one: for models that score. */
  withoutHead?(): Tuner;
  /** A tensor of the base by its full name, linear layers [out, in], with the adapter worked in; null where it stays as it is. */
  merged(weights: AdapterWeights, name: string, base: tf.Tensor): tf.Tensor | null;
  /** What stands before every sequence, of kinds that learn a prompt: embeddings, or each layer's keys and values. */
  virtualTokens?(weights: AdapterWeights): { embeddings: tf.Tensor2D } /* [p, d] */ | { past: Past[] };
  /** What the output of a whole block becomes, whose names begin with `block` (`model.layers.0.`), of kinds that change it. [N, d] → [N, d] */
  afterBlock?(weights: AdapterWeights, block: string, x: tf.Tensor2D): tf.Tensor2D;
  /** Of a folder that is not in PEFT's format. */
  layout?: Layout;
  /** The weights as PEFT's file has them, and back, where these differ. A reward model's head is among them. */
  saved?(weights: AdapterWeights): AdapterWeights;
  restored?(saved: AdapterWeights): AdapterWeights;
  /** The tensors of a PEFT file by the names of `shapes`, where its config says that they lie in it otherwise; others stay. */
  ownTensors?(file: FileTensors, nameInFile: (name: string) => string): FileTensors;
}

type FileTensors = Map<string, { shape: number[]; data: Float32Array }>;

/** How an adapter lies in its folder. */
export interface Layout {
  weightsFile: string;
  nameInFile(name: string): string;
  /** adapter_config.json, over the base model that is called `base`. */
  config(base: string): Record<string, unknown>;
}

/** Keys and values of a layer that every row has before its own tokens. With ALiBi keys have one dimension more. */
export type Past = { keys: tf.Tensor4D; values: tf.Tensor4D }; // [1, G, p, D]

/** The one weight of a kind that learns a prompt, as PEFT's file has it. */
export const promptEmbeddings = "prompt_embeddings";

/** How many virtual tokens stand before every sequence. */
export const virtualTokens = (adapter: Adapter | null): number =>
  adapter?.tuner.virtualTokens ? adapter.tuner.shapes.get(promptEmbeddings)![0]! : 0;

/** The base's weights, as they are held. */
export interface Base {
  /** A linear layer, or the embeddings, by its name. */
  layer(module: string): BaseLayer;
  /** A copy of a weight by its full name, as files have it: of embeddings, norms, biases and linear layers. */
  weight(name: string): tf.Tensor;
}

export interface BaseLayer {
  /** In float32, a bfloat16 or 4-bit one exactly as products take it. */
  matrix(): tf.Tensor2D; // [out, in]
  rowSquares(): tf.Tensor1D; // [out]
}

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
