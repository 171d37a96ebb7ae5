// The Llama forward pass as one op of native/forward.h, over a cache of keys and values: for sampling, without gradients.

import { activationNames } from "../../engine/activation-names";
import { type Adapter, layerChange } from "../../engine/adapter";
import { BFLOAT16, FLOAT, INT32 } from "../../engine/binding";
import { asLowRank, isFrozen, type LowRank, rowsOf } from "../../engine/linear";
import { native, nativeOp } from "../../engine/native";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import type { Model } from "../model";
import { linearName } from "../names";
import { type NativeCache, type NativeModel, type NewTokens, pageTokens } from "../native-model";
import { rotaryTables } from "../parts/rotary";
import { linearGroups, linearShapes } from "./weight-names";

interface Options {
  config: ModelConfig;
  /** How the matrices are held: int8 as engine/int8.ts has them. */
  dtype: "float32" | "bfloat16" | "int8";
  matrices: number;
  /** Hidden states of all tokens, or of each row's last. */
  all: boolean;
}

const types = { float32: FLOAT, bfloat16: BFLOAT16, int8: INT32 };

const forward = nativeOp<Options>("WorkbenchForward", ({ config, dtype, matrices, all }, [ids]) => ({
  attributes: {
    T: { type: types[dtype] },
    heads: { int: config.heads },
    head_size: { int: config.headDim },
    activation: { int: activationNames.indexOf(config.activation) },
    epsilon: { float: config.rmsEpsilon },
    all: { int: all ? 1 : 0 },
    n: { int: matrices },
  },
  outputs: [{ name: "hidden", shape: [ids![0]! * (all ? ids![1]! : 1), config.hiddenSize], dtype: "float32" }],
}));

/** An array of this shape in which anything may stand. */
const unwritten = nativeOp<{ shape: number[] }>("Empty", ({ shape }) => ({
  attributes: { dtype: { type: FLOAT } },
  outputs: [{ name: "output", shape, dtype: "float32" }],
}));

/** Null where the op cannot do what this model or adapter asks for, or is not there: the plain pass can. */
export function llamaNative(model: Model, adapter: Adapter | null): NativeModel | null {
  const { config, weights } = model;
  const matrices = native() ? matricesOf(model) : null;
  const arrays = matrices && tf.tidy(() => arraysOf(model, adapter));
  if (!arrays) {
    if (matrices) tf.dispose([matrices.scales, ...matrices.made]);
    return null;
  }
  let rope = tf.tensor3d([], [0, 2, config.headDim]);
  const turned = (positions: number) => {
    if (rope.shape[0] >= positions) return rope;
    const more = Math.max(positions, 2 * rope.shape[0]); // rows grow a page at a time
    rope.dispose();
    rope = tf.tidy(() => tf.keep(ropeTable(config, more)));
    return rope;
  };
  const hidden = ({ keys, values }: NativeCache, { ids, pages, places }: NewTokens, all: boolean) =>
    tf.tidy(() => {
      const listed = Math.max(...pages.map(({ length }) => length));
      const table = pages.flatMap((row) => [...row, ...Array<number>(listed - row.length).fill(0)]); // no token stands there
      const rows = tf.tensor2d(table, [pages.length, listed], "int32");
      const norm = weights.vector("model.norm.weight");
      const { vectors, ranks, updates } = arrays;
      const turns = turned(listed * pageTokens);
      const options = { config, dtype: matrices.dtype, matrices: matrices.all.length, all };
      const given = [ids, rows, tf.tensor1d(places, "int32"), keys, values, weights.embedding, vectors, norm, turns];
      return forward([...given, ranks, updates, matrices.scales, ...matrices.all], options)[0] as tf.Tensor2D;
    });
  return {
    cache(pages) {
      const shape = [pages, config.layers, config.kvHeads, pageTokens, 32 * Math.ceil(config.headDim / 32)];
      const empty = () => tf.tidy(() => unwritten([tf.tensor1d(shape, "int32")], { shape })[0]!);
      return { keys: empty(), values: empty() };
    },
    lastHidden: (cache, tokens) => hidden(cache, tokens, false),
    allHidden: (cache, tokens) => hidden(cache, tokens, true),
    free: () => tf.dispose([rope, matrices.scales, ...matrices.made, ...Object.values(arrays)]),
  };
}

/** Each layer's, in the order of `linearGroups`; those that were made for this are to be disposed. Null where they are not held row by row. */
function matricesOf({ config, weights }: Model) {
  const all: tf.Tensor2D[] = [];
  const made: tf.Tensor2D[] = [];
  const scales: tf.Tensor[] = [];
  let dtype: Options["dtype"] = "float32";
  for (let layer = 0; layer < config.layers; layer++)
    for (const group of linearGroups) {
      const matrix = weights.matrix(...group.map((name) => linearName(config, layer, name)));
      if (!isFrozen(matrix)) {
        all.push(matrix);
        if (group.length > 1) made.push(matrix);
      } else if (matrix.int8) {
        all.push(matrix.int8.words);
        scales.push(matrix.int8.scales);
        dtype = "int8";
      } else if (matrix.rows) {
        const rows = rowsOf(matrix.rows, weights.embedding);
        all.push(rows);
        if (typeof matrix.rows === "function") made.push(rows); // a token after the other reads them
        dtype = matrix.dtype;
      } else return null;
    }
  return {
    all,
    made,
    dtype,
    scales: scales.length === 0 ? tf.zeros([1]) : tf.tidy(() => tf.concat1d(scales.map((some) => some.flatten()))),
  };
}

/** What else the op reads; nothing where the adapter changes a layer otherwise than by adding x Aᵀ Bᵀ. */
function arraysOf(model: Model, adapter: Adapter | null) {
  const changes = updatesOf(model.config, adapter);
  if (!changes) return;
  const layers = Array.from({ length: model.config.layers }, (_, layer) => layerVectors(model, layer));
  return { ...changes, vectors: tf.stack(layers) };
}

/** Ranks of the updates of all linear layers, and their A and B one after the other; null where a layer is changed in another way. */
function updatesOf(config: ModelConfig, adapter: Adapter | null) {
  if (!adapter) return stackedUpdates([]);
  const layers = Array.from({ length: config.layers }, (_, layer) => changesOf(config, adapter, layer));
  return layers.every((changes) => changes !== null) ? stackedUpdates(layers.flat()) : null;
}

/** How a layer's linear ones are changed, in the order of `linearShapes`; null where one is in another way than by adding x Aᵀ Bᵀ. */
export const changesOf = (config: ModelConfig, adapter: Adapter | null, layer: number) =>
  asLowRank(Object.keys(linearShapes(config)).map((name) => layerChange(adapter, `model.layers.${layer}.${name}`)));

/** As native/model.h reads them: the rank of each, 0 for none, and all A and B one after the other, a single 0 where there are none. */
export function stackedUpdates(changes: (LowRank | null)[]): { ranks: tf.Tensor1D; updates: tf.Tensor1D } {
  const ranks = changes.map((update) => update?.a.shape[0] ?? 0);
  const parts = changes.flatMap((update) => (update ? [update.a.flatten(), update.b.flatten()] : []));
  return { ranks: tf.tensor1d(ranks, "int32"), updates: parts.length === 0 ? tf.zeros([1]) : tf.concat1d(parts) };
}

/** Weights of a layer's two norms, and biases of q, k and v and of o, 0 where it has none. → [3 d + (H + 2 G) D] */
export function layerVectors({ config, weights }: Model, layer: number): tf.Tensor1D {
  const at = `model.layers.${layer}.`;
  const shapes = linearShapes(config);
  const bias = (name: string) =>
    config.biases.includes(name) ? weights.vector(`${at}${name}.bias`) : tf.zeros<tf.Rank.R1>([shapes[name]![0]]);
  return tf.concat1d([
    weights.vector(`${at}input_layernorm.weight`),
    weights.vector(`${at}post_attention_layernorm.weight`),
    ...linearGroups.slice(0, 2).flat().map(bias),
  ]);
}

/** Cosines and sines of every position. → [positions, 2, D] */
function ropeTable(config: ModelConfig, positions: number): tf.Tensor3D {
  const at = tf.range(0, positions, 1, "int32").expandDims<tf.Tensor2D>(0);
  return tf.stack(
    rotaryTables(config, { positions: at }).map((table) => table.reshape([positions, config.headDim])),
    1,
  ) as tf.Tensor3D;
}
