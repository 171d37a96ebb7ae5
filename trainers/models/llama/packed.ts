// The Llama forward pass over packed rows with its gradients: each block is one op of native/block.h forward and one backward.
import { sum } from "../../../spec/statistics";
import { activationNames } from "../../engine/activation-names";
import type { Adapter } from "../../engine/adapter";
import { BFLOAT16, FLOAT } from "../../engine/binding";
import { barrier } from "../../engine/custom";
import { isFrozen, rowsOf } from "../../engine/linear";
import { native, nativeOp } from "../../engine/native";
import { fused, rmsNorm, rmsNormGradient } from "../../engine/ops";
import { keptInput } from "../../engine/recompute";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import type { Model, PackedSequence } from "../model";
import { blockName, linearName } from "../names";
import { rotaryFrequencies, rotaryScale } from "../parts/rope-frequencies";
import { changesOf, layerVectors, stackedUpdates } from "./native";
import { linearGroups } from "./weight-names";

interface Options {
  config: ModelConfig;
  dtype: "float32" | "bfloat16";
  /** Of all updates together. */
  ranks: number;
}

const attributes = ({ config, dtype }: Options) => ({
  T: { type: dtype === "float32" ? FLOAT : BFLOAT16 },
  heads: { int: config.heads },
  key_heads: { int: config.kvHeads },
  head_size: { int: config.headDim },
  activation: { int: activationNames.indexOf(config.activation) },
  epsilon: { float: config.rmsEpsilon },
});

/** → y, and what the gradient reads again, as BlockState of native/block.h names it. */
const forward = nativeOp<Options>("WorkbenchBlock", (options, [x]) => {
  const { hiddenSize: d, heads, kvHeads, headDim, intermediateSize: f } = options.config;
  const lows = options.ranks === 0 ? 0 : 16 * Math.ceil(options.ranks / 16) + 16;
  const made = {
    ...{ y: d, projected: (heads + 2 * kvHeads) * headDim, log_sums: heads, mixed: heads * headDim },
    ...{ middle: d, gate: f, up: f, lows },
  };
  return {
    attributes: attributes(options),
    outputs: Object.entries(made).map(([name, width]) => ({ name, shape: [x![0]!, width], dtype: "float32" })),
  };
});

/** Of the forward pass's inputs, then dy and its state. → dx [N, d], gradients of `updates` */
const backward = nativeOp<Options>("WorkbenchBlockGradient", (options, shapes) => ({
  attributes: attributes(options),
  outputs: [
    { name: "dx", shape: shapes[0]!, dtype: "float32" },
    { name: "d_updates", shape: shapes[5]!, dtype: "float32" },
  ],
}));

/** Cosines and sines of positions [N], as `rotaryTables` has them. → [N, 2, D] */
const positionTable = nativeOp<ModelConfig>("WorkbenchPositions", ({ headDim, ...rope }, [positions]) => ({
  attributes: { scale: { float: headDim ** -0.25 * rotaryScale(rope) } },
  outputs: [{ name: "table", shape: [positions![0]!, 2, headDim], dtype: "float32" }],
}));

/** Hidden states after the final norm, [N, d]; null where the op cannot do what the model or the adapter asks for, or is not there. */
export function llamaPacked(model: Model, adapter: Adapter | null, sequence: PackedSequence): tf.Tensor2D | null {
  const { config, weights } = model;
  const blocks = native() ? layersOf(model, adapter) : null;
  if (!blocks) return null;
  const half = rotaryFrequencies(config, config.headDim);
  const [rope] = positionTable([sequence.positions, tf.tensor1d([...half, ...half])], config); // [N, 2, D]
  let x: tf.Tensor2D = tf.gather(weights.embedding, sequence.ids);
  const isRecomputed = model.recompute === "block" || model.recompute === "disk";
  for (const [layer, { matrices, dtype, changes }] of blocks.entries()) {
    const { ranks, updates } = stackedUpdates(changes);
    const options = { config, dtype, ranks: sum(changes.map((update) => update?.a.shape[0] ?? 0)) };
    const vectors = layerVectors(model, layer);
    const given = (
      x: tf.Tensor,
      lengths: tf.Tensor,
      rope: tf.Tensor,
      vectors: tf.Tensor,
      ranks: tf.Tensor,
      updates: tf.Tensor,
      after: tf.Tensor,
    ) => [...[x, lengths, rope, vectors, ranks, updates], ...matrices.map((rows) => rowsOf(rows, after))];
    let again: (kept: tf.Tensor, after: tf.Tensor) => tf.Tensor = barrier;
    x = fused<tf.Tensor2D>(
      [x, updates],
      (x, updates) => {
        const [y, ...state] = forward(given(x!, sequence.lengths, rope!, vectors, ranks, updates!, x!), options);
        const input = keptInput(x as tf.Tensor2D, model.recompute === "disk" ? "disk" : "block");
        again = input.again;
        const kept = isRecomputed ? [] : state;
        return { value: y as tf.Tensor2D, saved: [sequence.lengths, rope!, vectors, ranks, input.kept, ...kept] };
      },
      (dy, [, updates], [lengths, rope, vectors, ranks, input, ...kept]) => {
        const x = isRecomputed ? again(input!, dy) : input!;
        const inputs = given(x, lengths!, rope!, vectors!, ranks!, updates!, dy);
        const state = isRecomputed ? forward(inputs, options).slice(1) : kept;
        return backward([...inputs, dy, ...state], options);
      },
    );
  }
  const last = weights.vector("model.norm.weight");
  return last instanceof tf.Variable ? rmsNorm(x, last, config.rmsEpsilon) : finalNorm(x, last, config.rmsEpsilon);
}

const norm = nativeOp<{ epsilon: number }>("WorkbenchNorm", ({ epsilon }, [x]) => ({
  attributes: { epsilon: { float: epsilon } },
  outputs: [{ name: "y", shape: x!, dtype: "float32" }],
}));

/** The last RMSNorm. x [N, d] → [N, d] */
const finalNorm = (x: tf.Tensor2D, weight: tf.Tensor1D, epsilon: number): tf.Tensor2D =>
  fused<tf.Tensor2D>(
    [x],
    (x) => ({ value: norm([x!, weight], { epsilon })[0] as tf.Tensor2D, saved: [weight] }),
    (dy, [x], [weight]) => [rmsNormGradient(x!, weight!, epsilon, dy)],
  );

const norms = ["input_layernorm", "post_attention_layernorm"];

/** Each layer's matrices, and its updates in the order of `linearShapes`; null where weights are trained themselves or changed otherwise. */
function layersOf({ config, weights }: Model, adapter: Adapter | null) {
  const layers = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const frozen = linearGroups.map((group) => weights.matrix(...group.map((name) => linearName(config, layer, name))));
    const changes = changesOf(config, adapter, layer);
    const matrices = frozen.flatMap((matrix) => (isFrozen(matrix) && matrix.rows ? [matrix] : []));
    const at = blockName(config, layer);
    const trainsNorms = norms.some((name) => weights.vector(`${at}${name}.weight`) instanceof tf.Variable);
    if (!changes || trainsNorms || matrices.length < frozen.length) return null;
    layers.push({ matrices: matrices.map(({ rows }) => rows!), dtype: matrices[0]!.dtype, changes });
  }
  return layers;
}
