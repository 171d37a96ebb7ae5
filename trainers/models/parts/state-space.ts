// The forward pass of a state-space model in plain tf.*, around a mixer that each family puts together: no attention and no positions; what
// a token knows of those before it is a state of fixed size in each layer. Rows are without padding, or have it at their end.
// B rows, T tokens, d hidden, K tokens that the convolution sees, N = B·T.
import { type Adapter, blockWeights } from "../../engine/adapter";
import { rmsNorm } from "../../engine/ops";
import { recomputed } from "../../engine/recompute";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import type { LayerState, Model, Sequence } from "../model";
import { blockName, namesOf } from "../names";
import type { Transformer } from "./decoder";
import { projection } from "./projection";

/** What mixers are put together from. */
export interface MixerParts {
  config: ModelConfig;
  /** Rows and tokens of each. */
  size: [B: number, T: number];
  /** A linear layer. [N, in] → [N, out] */
  project(input: tf.Tensor2D, name: string): tf.Tensor2D;
  /** The block's other weights. */
  vector(name: string): tf.Tensor1D;
  matrix(name: string): tf.Tensor2D;
  /** The causal convolution of every channel by itself. [B, T, I] → [B, T, I] */
  convolve(x: tf.Tensor3D): tf.Tensor3D;
  /** 0 at tokens of padding, where there are any. [B, T, 1] */
  present: tf.Tensor3D | null;
  /** What the tokens before left; null where these are the first. */
  before: tf.Tensor | null;
  /** Takes the state that the last token of each row leaves; null where nobody asks for it. */
  leave: ((state: tf.Tensor) => void) | null;
}

/** x [N, d] → [N, d] */
export type Mixer = (x: tf.Tensor2D, parts: MixerParts) => tf.Tensor2D;

export const stateSpaceModel =
  (mixer: Mixer, { linearShapes }: Pick<Family, "linearShapes">): Transformer =>
  (model, adapter, sequence) => {
    const { config, weights, recompute } = model;
    const { ids, left } = sequence;
    const norm = (x: tf.Tensor2D, name: string) => rmsNorm(x, weights.vector(`${name}.weight`), config.rmsEpsilon);
    const blockAt = (x: tf.Tensor2D, layer: number): tf.Tensor2D => {
      const at = blockName(config, layer);
      const project = projection(model, adapter, linearShapes(config), at);
      return x.add(mixer(norm(x, `${at}norm`), { ...partsOf(model, sequence, layer), project }));
    };
    const { from, to } = sequence.blocks ?? { from: 0, to: config.layers };
    let x: tf.Tensor2D = from === 0 ? tf.gather(weights.embedding, ids.flatten()) : sequence.embedded!; // [N, d]
    for (let layer = from; layer < to; layer++)
      x =
        (recompute === "block" || recompute === "disk") && !left
          ? recomputed((x) => blockAt(x, layer), x, ownWeights(adapter, config, layer), recompute)
          : blockAt(x, layer);
    return sequence.blocks ? x : norm(x, namesOf(config).norm);
  };

const ownWeights = (adapter: Adapter | null, config: ModelConfig, layer: number) =>
  blockWeights(adapter, blockName(config, layer));

function partsOf({ config, weights }: Model, sequence: Sequence, layer: number): Omit<MixerParts, "project"> {
  const { ids, lengths, carried, left } = sequence;
  const [B, T] = ids.shape;
  const at = blockName(config, layer);
  const { kernel: K, convolutionBias } = config.stateSpace!;
  const before = carried?.[layer] ?? null;
  let inputs: tf.Tensor3D;
  return {
    config,
    size: [B, T],
    vector: (name) => weights.vector(`${at}${name}`),
    matrix: (name) => weights.stack(`${at}${name}`).matrix,
    convolve(x) {
      const I = x.shape[2];
      const seen = tf.concat3d([before?.inputs ?? tf.zeros([B, K - 1, I]), x], 1); // [B, K − 1 + T, I]
      if (left) inputs = lastInputs(seen, lengths ?? tf.fill([B], T), K);
      const columns = tf.split(weights.stack(`${at}mixer.conv1d.weight`).matrix, K, 1); // K × [I, 1]
      const terms = columns.map((column, k) => tf.slice(seen, [0, k, 0], [B, T, I]).mul(column.reshape([I])));
      const mixed = terms.reduce((sum, term) => sum.add(term)) as tf.Tensor3D;
      return convolutionBias ? mixed.add(weights.vector(`${at}mixer.conv1d.bias`)) : mixed;
    },
    present: lengths
      ? (tf.range(0, T).expandDims(0).less(lengths.toFloat().expandDims(1)).toFloat().expandDims(2) as tf.Tensor3D)
      : null,
    before: before?.state ?? null,
    leave: left ? (state) => void left.push({ inputs, state } satisfies LayerState) : null,
  };
}

/** The last K − 1 tokens of each row's `lengths`, after K − 1 from before. seen [B, K − 1 + T, I] → [B, K − 1, I] */
function lastInputs(seen: tf.Tensor3D, lengths: tf.Tensor1D, K: number): tf.Tensor3D {
  const [B, width, I] = seen.shape;
  const first = tf
    .range(0, B * width, width, "int32")
    .add(lengths.toInt())
    .expandDims(1); // [B, 1]
  const at = first.add(tf.range(0, K - 1, 1, "int32")).flatten() as tf.Tensor1D;
  return tf.gather(seen.reshape([B * width, I]), at).reshape([B, K - 1, I]);
}
