// The forward pass of a decoder in plain tf.*, around a block that each family puts together from the same parts.
// B rows, T tokens, S keys, d hidden, H heads, G key/value heads, D head width, V vocabulary, N = B·T.

import { type Adapter, blockWeights, layerChange, type Past } from "../../engine/adapter";
import { asLowRank, type FrozenMatrix, isFrozen, type LowRank } from "../../engine/linear";
import { frozenMlp } from "../../engine/mlp";
import { gated, layerNorm, rmsNorm } from "../../engine/ops";
import { recomputed } from "../../engine/recompute";
import { tf } from "../../engine/tensorflow";
import type { ModelConfig } from "../config";
import type { Family } from "../family";
import type { Attend, Model, Sequence } from "../model";
import { blockName, namesOf } from "../names";
import { alibi } from "./alibi";
import { expertMlp } from "./moe";
import { projection } from "./projection";
import { turning } from "./rotary";

/** What blocks are put together from. */
export interface BlockParts {
  config: ModelConfig;
  /** RMSNorm, or LayerNorm where the config says so, over the last axis, by the block's weight `name`. */
  norm<T extends tf.Tensor>(x: T, name: string): T;
  /** Linear layers that read the same input, side by side. [N, in] → [N, Σ out] */
  project(input: tf.Tensor2D, ...names: string[]): tf.Tensor2D;
  /** [N, Σ counts · D] → [B, T, count, D] each */
  heads(x: tf.Tensor2D, ...counts: number[]): tf.Tensor4D[];
  /** Queries and keys as their positions turn them, with attention's scale. [B, T, heads, D] */
  turn(x: tf.Tensor4D): tf.Tensor4D;
  /** Values mixed by attention: q [B, T, H, D] and k [B, T, G, D] side by side, v [B, T, G, D] → [N, H·D] */
  attend(qk: tf.Tensor4D, v: tf.Tensor4D): tf.Tensor2D;
  /** The gated MLP of gate_proj, up_proj and down_proj, or a mixture of experts. [N, d] → [N, d] */
  mlp(x: tf.Tensor2D): tf.Tensor2D;
}

/** x [N, d] → [N, d] */
export type Block = (x: tf.Tensor2D, parts: BlockParts) => tf.Tensor2D;

/** The last hidden states after the final norm, [N, d]. With `adapter` null the base speaks: that is the reference policy. */
export type Transformer = (model: Model, adapter: Adapter | null, sequence: Sequence, attend: Attend) => tf.Tensor2D;

/** `linearShapes` and `experts`: of the family; `normOffset`: what RMSNorm adds to its weights. */
export const decoder =
  (
    block: Block,
    { linearShapes, experts }: Pick<Family, "linearShapes" | "experts">,
    normOffset: 0 | 1 = 0,
  ): Transformer =>
  (model, adapter, sequence, attend) => {
    const { config, weights, recompute } = model;
    const { heads: H, kvHeads: G, headDim: D, rmsEpsilon, embeddingScale } = config;
    const { ids, routes, past } = sequence;
    const [B, T] = ids.shape;
    const placedRows = past ? after(sequence, past) : sequence;
    const turn = turning(config, placedRows);
    const placed = config.alibi ? alibi(placedRows) : (...given: [tf.Tensor4D, tf.Tensor4D]) => given;
    const norm = <T extends tf.Tensor>(x: T, name: string) =>
      config.normBiases
        ? layerNorm(x, weights.vector(`${name}.weight`), weights.vector(`${name}.bias`), rmsEpsilon)
        : rmsNorm(x, weights.vector(`${name}.weight`), rmsEpsilon, normOffset);

    /** With `routes`, the router's probabilities beside the block's output: a block that is computed again has one output. */
    function blockAt(x: tf.Tensor2D, layer: number): tf.Tensor2D {
      let probabilities: tf.Tensor2D | null = null;
      const at = blockName(config, layer);
      const change = (name: string) => layerChange(adapter, `${at}${name}`);
      const project = projection(model, adapter, linearShapes(config), at);
      const byHead = (x: tf.Tensor) => x.transpose<tf.Tensor4D>([0, 2, 1, 3]); // [B, T, heads, D] → [B, heads, T, D]
      const mlp = (m: tf.Tensor2D): tf.Tensor2D => {
        if (experts) {
          const mixed = expertMlp(m, model, adapter, experts(config), at);
          probabilities = mixed.probabilities;
          return mixed.value;
        }
        const names = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"] as const;
        const matrices = names.map((name) => weights.matrix(`${at}${name}.weight`));
        const updates = asLowRank(names.map(change));
        if (updates === null || !matrices.every(isFrozen))
          return project(gated(project(m, names[0]), project(m, names[1]), config.activation), names[2]);
        const [gate, up, down] = matrices as Three<FrozenMatrix>;
        const [forGate, forUp, forDown] = updates as Three<LowRank | null>;
        return frozenMlp(m, { gate, up, down }, { gate: forGate, up: forUp, down: forDown }, config.activation);
      };
      const output = block(x, {
        config,
        norm: (x, name) => norm(x, `${at}${name}`),
        project,
        heads: (x, ...counts) => {
          const whole = x.reshape<tf.Tensor4D>([B, T, -1, D]);
          return counts.length === 1 ? [whole] : (tf.split(whole, counts, 2) as tf.Tensor4D[]);
        },
        turn: (x) => turn(x, layer),
        attend(qk, v) {
          const [q, k] = tf.split(byHead(qk), [H, G], 1) as [tf.Tensor4D, tf.Tensor4D]; // [B, H or G, T, D]
          return byHead(attend(layer, ...placed(q, k), byHead(v))).reshape<tf.Tensor2D>([B * T, H * D]);
        },
        mlp,
      });
      const made = adapter?.tuner.afterBlock?.(adapter.weights, at, output) ?? output;
      return routes && probabilities ? tf.concat2d([made, probabilities], 1) : made;
    }

    const { embeddingNorm, norm: lastNorm } = namesOf(config);
    function read(): tf.Tensor2D {
      const embedded: tf.Tensor2D = sequence.embedded ?? tf.gather(weights.embedding, ids.flatten()); // [N, d]
      const scaled: tf.Tensor2D = embeddingScale ? embedded.mul(embeddingScale) : embedded;
      const placed = weights.positions
        ? scaled.add<tf.Tensor2D>(positionEmbeddings(weights.positions, placedRows))
        : scaled;
      return embeddingNorm ? norm(placed, embeddingNorm) : placed;
    }
    const { from, to } = sequence.blocks ?? { from: 0, to: config.layers };
    let x = from === 0 ? read() : sequence.embedded!;
    for (let layer = from; layer < to; layer++) {
      const readAgain = [...blockWeights(adapter, blockName(config, layer)), ...Object.values(past?.[layer] ?? {})];
      const made =
        recompute === "block" || recompute === "disk"
          ? recomputed((x) => blockAt(x, layer), x, readAgain, recompute)
          : blockAt(x, layer);
      const width = made.shape[1] - config.hiddenSize;
      const [next, probabilities] = width > 0 ? tf.split(made, [config.hiddenSize, width], 1) : [made];
      x = next as tf.Tensor2D;
      if (probabilities) routes?.push(probabilities as tf.Tensor2D);
    }
    return sequence.blocks ? x : norm(x, lastNorm);
  };

/** With the positions that rows have behind virtual tokens. */
function after(sequence: Sequence, [first]: Past[]): Sequence {
  const count = tf.scalar(first!.keys.shape[2], "int32");
  const { positions, lengths } = sequence;
  return { ...sequence, positions: positions.add(count), ...(lengths && { lengths: lengths.add(count) }) };
}

/** Padding may stand beyond the last position, where tokens may not (position-limit.ts): it gets the last. positions [P, d] → [N, d] */
function positionEmbeddings(learned: tf.Tensor2D, { positions }: Sequence): tf.Tensor2D {
  const last = tf.scalar(learned.shape[0] - 1, "int32");
  return tf.gather(learned, positions.flatten().minimum(last));
}

type Three<T> = [T, T, T];

/** The projections of queries, keys and values where they are matrices of their own. */
export const qkv = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"] as const;
