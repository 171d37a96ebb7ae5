// Attention under what queries see of keys: by the places at which they stand, where an op of the project's own computes it in blocks, or else by a bias.
import { attention, biasOf, type Sight } from "../engine/attention";
import { blockedAttention } from "../engine/blocked-attention";
import { native } from "../engine/native";
import { tf } from "../engine/tensorflow";
import type { ModelConfig } from "../models/config";
import type { Model } from "../models/model";

/** How attention is computed. */
export interface Computed {
  blocked: boolean;
  keepProbabilities?: boolean;
  softCap: number | undefined;
}

/** As a model's backward pass asks for it: all probabilities kept, or nothing that is as large. */
export const computedFor = ({ config, recompute }: Model): Computed => ({
  blocked: native() && recompute !== "none",
  keepProbabilities: recompute !== "attention",
  softCap: config.attentionSoftCap,
});

type Attention = (q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D) => tf.Tensor4D;

export function attentionUnder(sight: Sight, { blocked, ...options }: Computed): Attention {
  if (blocked) return (q, k, v) => blockedAttention(q, k, v, sight, options);
  const bias = biasOf(sight);
  return (q, k, v) => attention(q, k, v, bias, options);
}

/** What `make` makes of a layer's window, once for all layers that have the same. */
export function ofEachWindow<T>({ windows }: ModelConfig, make: (window: number | null) => T): (layer: number) => T {
  const made = new Map([...new Set(windows ?? [null])].map((window) => [window, make(window)]));
  return (layer) => made.get(windows?.[layer] ?? null)!;
}

/** Places first … end − 1, of every row. → [1, end − first] */
export const places = (first: number, end: number): tf.Tensor2D => tf.range(first, end, 1, "int32").expandDims(0);

/** Tokens `count` before every row, at places below 0, then those at `own` places [B, N]. → [B, count + N] */
export const placesBehind = (count: number, own: tf.Tensor2D): tf.Tensor2D =>
  count === 0 ? own : tf.concat2d([tf.tile(places(-count, 0), [own.shape[0], 1]), own], 1);

/** Places, and where they are hidden one that no query reaches. */
export const unlessHidden = (at: tf.Tensor2D, hidden: tf.Tensor): tf.Tensor2D =>
  at.add(hidden.toInt().mul(tf.scalar(2 ** 30, "int32")));
