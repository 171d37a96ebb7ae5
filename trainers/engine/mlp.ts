// The gated MLP (Shazeer 2020, arXiv 2002.05202) over frozen matrices as one node on the tape: down(act(gate x) · up x), in SwiGLU silu.
// It keeps gate and up; their product, the widest array beside them, is computed again in the backward pass.

import { activations } from "./activation";
import type { ActivationName } from "./activation-names";
import { barrier } from "./custom";
import { type FrozenMatrix, type LowRank, outer } from "./linear";
import { fused } from "./ops";
import { tf } from "./tensorflow";

export interface FrozenMlp {
  gate: FrozenMatrix; // [f, d]
  up: FrozenMatrix; // [f, d]
  down: FrozenMatrix; // [d, f]
}

/** Updates of the three layers; an absent one is a rank of 0. */
export type MlpUpdates = Record<keyof FrozenMlp, LowRank | null>;

/** x [N, d] → [N, d] */
export function frozenMlp(
  x: tf.Tensor2D,
  weights: FrozenMlp,
  updates: MlpUpdates,
  activation: ActivationName = "silu",
): tf.Tensor2D {
  const act = activations[activation];
  const { gate: forGate, up: forUp, down: forDown } = updates;
  const given = [forGate, forUp, forDown].flatMap((update) => (update ? [update.a, update.b] : []));
  /** The updates as the tape hands them over. */
  const unpack = (tensors: tf.Tensor[]) => {
    const rest = [...tensors];
    const take = (update: LowRank | null) => (update ? { a: rest.shift()!, b: rest.shift()! } : null);
    return { gate: take(forGate), up: take(forUp), down: take(forDown) };
  };
  return fused<tf.Tensor2D>(
    [x, ...given],
    (x, ...rest) => {
      const { gate: g, up: u, down: d } = unpack(rest);
      const lows = lowRank(x!, [g, u]);
      const gate = widen(weights.gate.timesTransposed(x!), lows[0], g); // [N, f]
      const up = widen(weights.up.timesTransposed(x!), lows[1], u); // [N, f]
      const product = act.value(gate).mul(up); // [N, f]
      const [low] = lowRank(product, [d]);
      const value = widen(weights.down.timesTransposed(product), low, d);
      return { value: value as tf.Tensor2D, saved: [gate, up, ...[...lows, low].flatMap((l) => l ?? [])] };
    },
    (dy, [x, ...rest], [gate, up, ...lows]) => {
      const { gate: g, up: u, down: d } = unpack(rest);
      const low = (update: unknown) => (update ? lows.shift()! : null);
      const [lowGate, lowUp, lowDown] = [low(g), low(u), low(d)];
      const opened = barrier(gate!, dy); // else the graph would keep the forward pass's sigmoid and products for this
      const { value: acted, slope } = act.slope(opened);

      const downBack = d && tf.matMul(dy as tf.Tensor, d.b); // [N, r]
      const dProduct = downBack ? weights.down.times(dy).add(tf.matMul(downBack, d.a)) : weights.down.times(dy); // [N, f]
      const dGate = dProduct.mul(up!).mul(slope);
      const dUp = dProduct.mul(acted);

      const backs = [g && tf.matMul(dGate, g.b), u && tf.matMul(dUp, u.b)].flatMap((back) => back ?? []); // [N, r] each
      const parts: tf.Tensor[] = [weights.gate.times(dGate), weights.up.times(dUp)];
      const stacked = [g, u].flatMap((update) => update?.a ?? []);
      let dA: tf.Tensor[] = [];
      if (backs.length > 0) {
        const back = tf.concat(backs, 1); // [N, Σr]
        parts.push(tf.matMul(back, tf.concat(stacked, 0)));
        dA = tf.split(
          tf.matMul(back, x!, true),
          stacked.map((a) => a.shape[0]!),
          0,
        );
      }
      return [
        tf.addN(parts),
        ...(g ? [dA.shift()!, outer(dGate, lowGate!)] : []),
        ...(u ? [dA.shift()!, outer(dUp, lowUp!)] : []),
        ...(d ? [tf.matMul(downBack!, acted.mul(up!), true), outer(dy, lowDown!)] : []),
      ];
    },
  );
}

/** x Aᵀ of each update in one product. [N, in] → [N, r] each */
function lowRank(x: tf.Tensor, updates: ({ a: tf.Tensor } | null)[]): (tf.Tensor | null)[] {
  const matrices = updates.flatMap((update) => update?.a ?? []);
  if (matrices.length === 0) return updates.map(() => null);
  const together = tf.matMul(x, tf.concat(matrices, 0), false, true); // [N, Σr]
  const parts = tf.split(
    together,
    matrices.map((a) => a.shape[0]!),
    1,
  );
  return updates.map((update) => (update ? parts.shift()! : null));
}

const widen = (y: tf.Tensor, low: tf.Tensor | null | undefined, update: { b: tf.Tensor } | null) =>
  low && update ? y.add(tf.matMul(low, update.b, false, true)) : y;
